"""The showcase: one tool for each thing that a worker can do, or have done to it."""

from __future__ import annotations

import ctypes
import os
import signal
import time
from collections.abc import Iterator
from typing import Any, Literal, NoReturn

from snakepit_worker import Adapter, Context, tool

_MEGABYTE = 1024 * 1024


class ShowcaseError(Exception):
    """An exception of the adapter's own, with attributes that reach the host."""

    def __init__(self, message: str, code: int, details: dict[str, Any]) -> None:
        """Carry a ``code`` and ``details`` along with the message."""
        super().__init__(message)
        self.code = code
        self.details = details


class ShowcaseAdapter(Adapter):
    """Small tools that return what they did, so that a caller can check it."""

    def __init__(self) -> None:
        """Begin with no calls and nothing held."""
        self._calls = 0
        self._held: list[bytearray] = []

    @tool
    def ping(self, message: str = "pong") -> dict[str, Any]:
        """Return ``message`` and the worker's time in seconds since 1970."""
        self._calls += 1
        return {"message": message, "time": time.time()}

    @tool
    def echo(self, **values: Any) -> dict[str, Any]:
        """Return the arguments."""
        self._calls += 1
        return values

    @tool
    def add(self, a: float, b: float) -> float:
        """Return ``a + b``; integers stay integers, however large."""
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

    @tool
    def error_demo(self, kind: Literal["value", "runtime", "custom", "chained", "exit"]) -> NoReturn:
        """Raise a ValueError, a RuntimeError, a ShowcaseError, an error caused by another, or SystemExit."""
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
    def worker_info(self, ctx: Context) -> dict[str, int]:
        """Return this worker's number in its pool, its process id, and how many calls it has served."""
        self._calls += 1
        return {"worker": ctx.worker, "pid": os.getpid(), "calls": self._calls}

    @tool
    def sleep(self, ms: float) -> float:
        """Sleep and return the milliseconds actually spent."""
        self._calls += 1
        start = time.perf_counter()
        time.sleep(ms / 1000)
        return (time.perf_counter() - start) * 1000

    @tool
    def crash(self, how: Literal["exit", "segfault", "abort", "memory"] = "exit", status: int = 1) -> NoReturn:
        """End this process at once: with exit code ``status``, by a signal, or as the out-of-memory killer would."""
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

    @tool
    def allocate(self, mb: int, hold: bool = False) -> int:
        """Allocate and touch ``mb`` megabytes, kept until the worker ends if ``hold``; return all bytes held then."""
        self._calls += 1
        block = bytearray(mb * _MEGABYTE)
        block[::4096] = b"\1" * len(block[::4096])
        if hold:
            self._held.append(block)
        return sum(map(len, self._held))

    @tool
    def stream_progress(self, steps: int, delay_ms: float = 0) -> Iterator[dict[str, Any]]:
        """Yield ``steps`` reports of progress, ``delay_ms`` apart."""
        self._calls += 1
        for step in range(1, steps + 1):
            if delay_ms > 0:
                time.sleep(delay_ms / 1000)
            yield {"step": step, "steps": steps, "percent": 100 * step / steps}
