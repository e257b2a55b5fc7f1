"""Tools of the showcase that return their arguments, or values computed from them."""

import time
from typing import Any, Literal

from snakepit_worker import tool

from .counting import CountingAdapter


class ValueTools(CountingAdapter):
    """Tools that return their arguments, or simple values computed from them."""

    @tool
    def ping(self, message: str = "pong") -> dict[str, Any]:
        """Return ``message`` and the worker's time in seconds since 1970."""
        self._calls += 1
        return {"message": message, "time": time.time()}

    @tool
    def echo(self, **values: Any) -> dict[str, Any]:
        """Return all arguments, by name."""
        self._calls += 1
        return values

    @tool
    def add(self, a: float, b: float) -> float:
        """Return ``a + b``."""
        self._calls += 1
        return a + b

    @tool
    def process_text(self, text: str, operation: Literal["upper", "lower", "reverse", "length"]) -> str | int:
        """Return ``text`` in upper case, in lower case or reversed, or its length in code points."""
        self._calls += 1
        match operation:
            case "upper":
                return text.upper()
            case "lower":
                return text.lower()
            case "reverse":
                return text[::-1]
            case "length":
                return len(text)
