"""Cancellation of a tool that runs on a thread other than the main one.

No signal handler runs there, so the interpreter is asked to raise CallCancelled in that thread. It does so when the
thread next runs Python code, which may be a moment later. The code here makes sure that the exception never comes after
the end of the call that it is meant for.
"""

from __future__ import annotations

import ctypes
import sys
import threading
import time
from collections.abc import Callable
from typing import Any

from ..api.cancelled import CallCancelled
from .frames import is_handling_cancellation

_SET = "PyThreadState_SetAsyncExc", ctypes.pythonapi
_raise_in = ctypes.PYFUNCTYPE(ctypes.c_int, ctypes.c_ulong, ctypes.py_object)(_SET)
_clear_in = ctypes.PYFUNCTYPE(ctypes.c_int, ctypes.c_ulong, ctypes.c_void_p)(_SET)

# Seconds. By then a thread that was interrupted runs the code that handles the exception, however busy the machine is.
_REPEAT_AFTER = 0.1


class ThreadInterrupts:
    """Interrupts the calls of one thread, as MainThreadInterrupts does those of the main thread.

    The exception may hit the thread at any of its instructions, so the thread itself takes no lock: it could lose
    control between taking the lock and remembering it. Instead it stores that it is no longer armed, and then waits
    while ``_interrupting`` is set. An interrupter sets ``_interrupting`` first and then looks whether the thread is
    armed. In this order, one of the two always sees what the other has stored.
    """

    def __init__(self, thread: threading.Thread) -> None:
        """Interrupt the calls that run on ``thread``, which need not have started yet."""
        self._thread = thread
        self._armed = 0  # the call whose tool may be interrupted at this moment
        self._cancelled: set[int] = set()
        self._interrupter = threading.Lock()
        self._interrupting = False
        self._may_be_pending = False
        self._last_call = 0
        self._last_time = 0.0

    def is_cancelled(self, call_id: int) -> bool:
        """Tell whether the host has given up this call."""
        return call_id in self._cancelled

    def forget(self) -> None:
        """Forget the cancellations of calls that have ended."""
        self._cancelled.clear()

    def cancel(self, call_id: int) -> None:
        """Note that the host has given up this call, without interrupting it."""
        self._cancelled.add(call_id)

    def interrupt(self, call_id: int, wait: bool = True) -> None:
        """Note a cancellation, and raise CallCancelled in the thread if the tool of that call runs.

        Called on another thread. A signal handler must not ``wait`` for an interrupter that it may have interrupted.
        """
        self.cancel(call_id)
        if not self._interrupter.acquire(blocking=wait):
            return  # the host repeats the cancellation
        try:
            self._interrupting = True
            if self._armed == call_id and self._should_raise(call_id):
                self._last_call, self._last_time = call_id, time.monotonic()
                self._may_be_pending = True
                _raise_in(self._thread.ident, CallCancelled)
        finally:
            self._interrupting = False
            self._interrupter.release()

    def run(self, call_id: int, function: Callable[..., Any], /, *arguments: Any, **named: Any) -> Any:
        """Call ``function`` as part of a call; raises CallCancelled out of it when that call is cancelled."""
        try:
            try:
                self._armed = call_id
                if call_id in self._cancelled:  # it was cancelled before it was armed, so that nothing was raised
                    raise CallCancelled
                return function(*arguments, **named)
            finally:
                self._disarm()
        finally:
            self._disarm()  # again, because the exception may have hit the first one

    def pause(self, function: Callable[..., Any], /, *arguments: Any) -> Any:
        """Call ``function`` without interrupting it; raises CallCancelled afterwards if the call was cancelled."""
        armed = self._armed
        try:
            self._disarm()
            value = function(*arguments)
        finally:
            self._armed = armed
        if armed in self._cancelled:
            raise CallCancelled
        return value

    def _disarm(self) -> None:
        self._armed = 0
        while self._interrupting:
            time.sleep(0)
        if self._may_be_pending:
            self._may_be_pending = False
            _clear_in(self._thread.ident, None)

    def _should_raise(self, call_id: int) -> bool:
        if self._last_call != call_id:
            return True
        if time.monotonic() - self._last_time < _REPEAT_AFTER:
            return False
        handled: Any = sys._current_exceptions().get(self._thread.ident or 0)  # pyright: ignore[reportPrivateUsage]
        if sys.version_info < (3, 12) and handled is not None:
            handled = handled[1]  # the triple of sys.exc_info
        return not is_handling_cancellation(handled)
