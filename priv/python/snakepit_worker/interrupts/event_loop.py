"""Cancellation on a main thread that runs an event loop.

A signal there may interrupt anything: a tool's code, the loop's own, or ours. Only the first is ever torn.
"""

from __future__ import annotations

import asyncio
import inspect
import sys
from collections.abc import Callable
from types import FrameType
from typing import Protocol

from ..api.cancelled import CallCancelled
from .frames import is_handling_cancellation, is_own
from .main_thread import Interrupts

_COROUTINE = inspect.CO_COROUTINE | inspect.CO_ASYNC_GENERATOR | inspect.CO_ITERABLE_COROUTINE
_CANCELLATIONS = (CallCancelled, asyncio.CancelledError)


class InterruptibleCall(Protocol):
    """What these interrupts need to know of a call that runs as a task."""

    id: int
    is_closing: bool
    was_interrupted: bool

    def is_cancelled(self) -> bool:
        """Tell whether the host has given this call up."""
        ...


class LoopInterrupts(Interrupts):
    """Passes each cancellation on, and raises it in a coroutine that keeps the loop from delivering it."""

    def __init__(self) -> None:
        """Handle SIGIO from now on, in forks of this process too. Main thread only."""
        self._cancel_call: Callable[[int], None] = lambda _: None
        self._running_call: Callable[[], InterruptibleCall | None] = lambda: None
        super().__init__()

    def watch(self, cancel_call: Callable[[int], None], running_call: Callable[[], InterruptibleCall | None]) -> None:
        """Tell ``cancel_call`` of every cancellation; ``running_call`` is the one whose task runs right now.

        Both are called by the signal handler: they must not wait for anything.
        """
        self._cancel_call = cancel_call
        self._running_call = running_call

    def _heard(self, call_id: int) -> None:
        super()._heard(call_id)
        self._cancel_call(call_id)

    def _on_signal(self, number: int, frame: FrameType | None) -> None:
        super()._on_signal(number, frame)
        call = self._running_call()
        if call is None or call.is_closing or not call.is_cancelled() or not _is_in_a_coroutine(frame):
            return
        if not is_handling_cancellation(sys.exc_info()[1], _CANCELLATIONS):
            call.was_interrupted = True
            raise CallCancelled(f"call {call.id} was cancelled by the host")


def _is_in_a_coroutine(frame: FrameType | None) -> bool:
    """Tell whether this is a coroutine of the user's, or what it has called without a detour through the loop or us."""
    while frame is not None:
        if is_own(frame) or frame.f_globals.get("__name__", "").partition(".")[0] in ("asyncio", "selectors"):
            return False
        if frame.f_code.co_flags & _COROUTINE:
            return True
        frame = frame.f_back
    return False
