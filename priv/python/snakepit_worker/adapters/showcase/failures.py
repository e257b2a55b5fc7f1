"""Failures: exceptions that a tool raises, and ends of the whole process."""

from __future__ import annotations

import ctypes
import os
import signal
from typing import Any, Literal, NoReturn

from snakepit_worker import tool

from .counting import CountingAdapter


class ShowcaseError(Exception):
    """An exception of the adapter's own, with attributes that reach the host."""

    def __init__(self, message: str, code: int, details: dict[str, Any]) -> None:
        """Carry a ``code`` and ``details`` along with the message."""
        super().__init__(message)
        self.code = code
        self.details = details


class FailureTools(CountingAdapter):
    """Tools that fail in the way that they are asked to."""

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
