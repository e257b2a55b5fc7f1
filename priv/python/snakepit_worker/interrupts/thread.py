"""Cancellation of a tool that runs on a thread which is not the main one.

No signal handler runs there, so the interpreter is asked to raise CallCancelled in that thread, which it does when the
thread next runs Python code. The exception may come a moment late: what matters here is that it never comes later than
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

# Seconds: enough for a thread to get from where it was hit to what handles the exception, however busy the machine.
_REPEAT_AFTER = 0.1


class ThreadInterrupts:
    """What Interrupts is for the main thread, for one other thread.

    The thread itself takes no lock: it could be hit between taking and knowing it. It says whether it is armed, and
    waits out whoever is between looking and raising; both are single stores, in an order that leaves no gap.
    """

    def __init__(self) -> None:
        """Begin without a thread; it calls ``adopt_this_thread``."""
        self._thread = 0
        self._armed = 0
        self._cancelled: set[int] = set()
        self._interrupter = threading.Lock()
        self._interrupting = False
        self._may_be_pending = False
        self._last_call = 0
        self._last_time = 0.0

    def adopt_this_thread(self) -> None:
        """Be about the thread that calls this."""
        self._thread = threading.get_ident()

    def is_cancelled(self, call_id: int) -> bool:
        """Tell whether the host has given up this call."""
        return call_id in self._cancelled

    def forget(self) -> None:
        """Forget the cancellations of calls that have ended."""
        self._cancelled.clear()

    def cancel(self, call_id: int) -> None:
        """Note a cancellation without interrupting anything."""
        self._cancelled.add(call_id)

    def interrupt(self, call_id: int, wait: bool = True) -> None:
        """Note a cancellation and raise CallCancelled in the thread if it is armed for that call.

        From another thread, or from a signal handler on another thread, which must not ``wait`` for its like.
        """
        self.cancel(call_id)
        if not self._interrupter.acquire(blocking=wait):
            return  # the host repeats it
        try:
            self._interrupting = True
            if self._armed == call_id and self._should_raise(call_id):
                self._last_call, self._last_time = call_id, time.monotonic()
                self._may_be_pending = True
                _raise_in(self._thread, CallCancelled)
        finally:
            self._interrupting = False
            self._interrupter.release()

    def run(self, call_id: int, function: Callable[..., Any], /, *arguments: Any, **named: Any) -> Any:
        """Call ``function`` as part of a call; raises CallCancelled out of it when that call is cancelled."""
        try:
            try:
                self._armed = call_id
                if call_id in self._cancelled:  # since the caller looked, when there was nobody to raise in
                    raise CallCancelled
                return function(*arguments, **named)
            finally:
                self._disarm()
        finally:
            self._disarm()  # again, because the exception may have hit the first one

    def pause(self, function: Callable[..., Any], /, *arguments: Any) -> Any:
        """Call ``function`` in the middle of a call, undisturbed; raises CallCancelled if one came meanwhile."""
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
            _clear_in(self._thread, None)

    def _should_raise(self, call_id: int) -> bool:
        if self._last_call != call_id:
            return True
        if time.monotonic() - self._last_time < _REPEAT_AFTER:
            return False
        handled: Any = sys._current_exceptions().get(self._thread)
        # Python 3.11 gives the triple of sys.exc_info, newer ones the exception.
        return not is_handling_cancellation(handled[1] if isinstance(handled, tuple) else handled)
