"""Cancellation on a main thread that runs an event loop.

The loop delivers most cancellations to tasks itself, at an ``await``. Only a coroutine that blocks the loop is
interrupted by a signal. The signal may arrive while code of a tool, of the loop or of this package runs. Only code of a
tool may be interrupted.
"""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Callable
from types import FrameType
from typing import Protocol

from ..api.cancelled import CallCancelled
from ..process.handlers import is_guard
from ..process.own_frames import is_coroutine, is_of_loop, is_own
from .frames import is_handling_cancellation
from .main_thread import MainThreadInterrupts

_CANCELLATIONS = (CallCancelled, asyncio.CancelledError)


class InterruptibleCall(Protocol):
    """A call that runs as a task of the event loop, with the attributes that the interrupts use."""

    id: int
    is_closing: bool
    was_interrupted: bool

    def blocks_loop(self) -> bool:
        """Tell whether the loop has been waiting for some time for this call to reach an ``await``."""
        ...

    def is_cancelled(self) -> bool:
        """Tell whether the host has cancelled this call."""
        ...


class EventLoopInterrupts(MainThreadInterrupts):
    """Passes each cancellation on to its call, and raises CallCancelled in a coroutine that blocks the event loop."""

    def __init__(self) -> None:
        """Install the handler of SIGIO, which forks of this process inherit. Main thread only."""
        self._cancel_call: Callable[[int], None] = _ignore
        self._running_call: Callable[[], InterruptibleCall | None] = _none
        super().__init__()

    def watch(self, cancel_call: Callable[[int], None], running_call: Callable[[], InterruptibleCall | None]) -> None:
        """Call ``cancel_call`` for every cancellation; ``running_call`` returns the call whose task runs right now.

        The signal handler calls both functions, so they must not wait for anything.
        """
        self._cancel_call = cancel_call
        self._running_call = running_call

    def _on_cancellation(self, call_id: int) -> None:
        super()._on_cancellation(call_id)
        self._cancel_call(call_id)

    def _on_signal(self, number: int, frame: FrameType | None) -> None:
        super()._on_signal(number, frame)
        call = self._running_call()
        if call is None or call.is_closing or not call.is_cancelled() or not _is_in_coroutine(frame):
            return
        if not is_handling_cancellation(sys.exc_info()[1], _CANCELLATIONS) and call.blocks_loop():
            call.was_interrupted = self.has_interrupted = True
            raise CallCancelled(f"call {call.id} was cancelled by the host")


def _ignore(_: int) -> None:
    pass


def _none() -> None:
    return None


def _is_in_coroutine(interrupted: FrameType | None) -> bool:
    """Tell whether a frame runs a coroutine of a tool, or code that such a coroutine has called.

    Code of the event loop or of this package does not count, nor does any code that was called from there. A signal
    handler of the adapter's counts as called by the code that it has interrupted.
    """
    frame = interrupted
    while frame is not None:
        if frame is interrupted or not is_guard(frame):
            if is_own(frame) or is_of_loop(frame):
                return False
            if is_coroutine(frame):
                return True
        frame = frame.f_back
    return False
