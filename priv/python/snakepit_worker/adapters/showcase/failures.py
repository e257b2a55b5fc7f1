"""Tools of the showcase that raise exceptions or end the whole process."""

import ctypes
import os
import signal
from typing import Any, Literal, NoReturn

from snakepit_worker import tool

from .counting import CountingAdapter


class ShowcaseError(Exception):
    """An exception class of the adapter, with attributes that are sent to the host."""

    def __init__(self, message: str, code: int, details: dict[str, Any]) -> None:
        """Store a ``code`` and ``details`` beside the message."""
        super().__init__(message)
        self.code = code
        self.details = details


class FailureTools(CountingAdapter):
    """Tools that fail in a way that the caller chooses."""

    @tool
    def error_demo(self, kind: Literal["value", "runtime", "custom", "chained", "exit"]) -> NoReturn:
        """Raise the exception that ``kind`` names; "chained" is an error that another error has caused."""
        self._calls += 1
        match kind:
            case "value":
                raise ValueError("this value is not acceptable")
            case "runtime":
                raise RuntimeError("something went wrong at run time")
            case "custom":
                raise ShowcaseError("a custom error", code=42, details={"hint": "see the code"})
            case "chained":
                try:
                    raise KeyError("absent")
                except KeyError as error:
                    raise RuntimeError("the lookup failed") from error
            case "exit":
                raise SystemExit(3)

    @tool
    def crash(self, how: Literal["exit", "segfault", "abort", "memory"] = "exit", status: int = 1) -> NoReturn:
        """End the worker at once: with exit code ``status``, by a signal, or as the out-of-memory killer does."""
        match how:
            case "exit":
                os._exit(status)
            case "segfault":
                ctypes.string_at(0)
            case "abort":
                os.abort()
            case "memory":
                os.kill(os.getpid(), signal.SIGKILL)
        raise AssertionError("this process should have ended")
