"""Ends a process that a signal handler has forked while the worker waited, when the handler returns or raises.

The handler would return to the wait, for example for a frame. The process has no connection from which a frame could
arrive, and lacks the threads that would wake it. What the handler raises would reach libraries, which may handle it as
a failure of the worker.
"""

from __future__ import annotations

import opcode
import sys
from collections.abc import Callable
from types import CodeType, FrameType
from typing import Any, TypeVar

from . import forks

_Wait = TypeVar("_Wait", bound=Callable[..., Any])

# The code that waits, and the object that its caller must be a method of; None if any caller will do.
_waits: dict[CodeType, object] = {}
_LIBRARIES = ("asyncio", "grpc", "selectors", "threading")  # code of theirs runs below the code that waits
_RETURNS = {opcode.opmap[name] for name in ("RETURN_VALUE", "RETURN_CONST") if name in opcode.opmap}


def waits(function: _Wait) -> _Wait:
    """Mark a function that waits, and calls code of the adapter only through signal handlers while it runs."""
    _waits[function.__code__] = None
    return function


def waits_for(caller: object, wait: Any) -> None:
    """Mark the method ``wait`` in the same way, but only where a method of ``caller`` calls it."""
    code = getattr(wait, "__code__", None)
    if code is not None:
        _waits[code] = caller


def end_with_handler() -> None:
    """End this new process when the signal handler that has forked it ends, if the handler has interrupted a wait."""
    handler = frame = sys._getframe(1)  # pyright: ignore[reportPrivateUsage]
    while frame is not None and not _is_wait(frame):
        if str(frame.f_globals.get("__name__")).partition(".")[0] not in _LIBRARIES:
            handler = frame
        frame = frame.f_back
    if frame is not None:
        handler.f_trace_lines = False
        handler.f_trace = _Watch().follow
        sys.settrace(_follow_nothing)  # the frames that have a function of their own are followed from now on


def _is_wait(frame: FrameType) -> bool:
    if frame.f_code not in _waits:
        return False
    caller = _waits[frame.f_code]
    return caller is None or (frame.f_back is not None and frame.f_back.f_locals.get("self") is caller)


def _follow_nothing(frame: FrameType, event: str, value: Any) -> None:
    pass


class _Watch:
    """Waits for the end of one function."""

    def __init__(self) -> None:
        self._error: BaseException | None = None

    def follow(self, frame: FrameType, event: str, value: Any) -> Any:
        """Take what Python reports of the function: exceptions that pass through it, and its end."""
        if event == "exception":
            self._error = value[1]
        elif event == "return":
            returns = frame.f_code.co_code[frame.f_lasti] in _RETURNS
            forks.leave(None if returns else self._error)
        return self.follow
