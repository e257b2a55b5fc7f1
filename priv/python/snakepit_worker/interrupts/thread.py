"""Cancellation of a tool that runs on a thread other than the main one.

Signal handlers run only on the main thread. To interrupt another thread, ThreadInterrupts asks the interpreter to raise
CallCancelled in it. The interpreter does so when the thread next runs Python code, which may be a moment later.
ThreadInterrupts makes sure that the exception is never raised after the cancelled call has ended.
"""

from __future__ import annotations

import ctypes
import sys
import threading
from collections.abc import Callable
from time import monotonic, sleep
from typing import Any

from ..api.cancelled import CallCancelled
from ..process.own_frames import calls_adapter
from .frames import is_handling_cancellation
from .patience import Patience

_SET = "PyThreadState_SetAsyncExc", ctypes.pythonapi
_raise_in = ctypes.PYFUNCTYPE(ctypes.c_int, ctypes.c_ulong, ctypes.py_object)(_SET)
_clear_in = ctypes.PYFUNCTYPE(ctypes.c_int, ctypes.c_ulong, ctypes.c_void_p)(_SET)

# The minimum time between two interrupts of the same call, in seconds. It is long enough for an interrupted thread to
# reach the code that handles the exception, even on a busy machine.
_REPEAT_AFTER = 0.1


class ThreadInterrupts:
    """Interrupts calls on one thread, which is not the main thread.

    The exception may be raised at any instruction of the thread. The thread itself therefore takes no lock: if the
    exception came just after it took one, the lock might never be released. Instead, the thread stores in ``_armed``
    that it may no longer be interrupted, and then waits while ``_interrupting`` is set. The interrupting thread sets
    ``_interrupting`` first and then reads ``_armed``. In this order, at least one of the two threads always sees what
    the other has stored.
    """

    def __init__(self, thread: threading.Thread) -> None:
        """Interrupt calls that run on ``thread``. The thread may be started later."""
        self._thread = thread
        self._armed = 0  # id of the call whose tool may be interrupted at this moment; 0 if there is none
        self._cancelled: set[int] = set()
        self._patience = Patience()
        self.has_interrupted = False  # see Interrupts
        self.is_stream = False
        self._interrupter = threading.Lock()
        self._interrupting = False
        self._may_be_pending = False
        self._last_call = 0
        self._last_time = 0.0

    def is_cancelled(self, call_id: int) -> bool:
        """Tell whether the host has cancelled this call."""
        return call_id in self._cancelled

    def needs_interruption(self, call_id: int) -> bool:
        """Tell whether the tool of this cancelled call runs, so that only an interruption can end the call."""
        return self._armed == call_id and (not self.is_stream or self._patience.is_over())

    def forget(self) -> None:
        """Forget the cancellations of calls that have ended."""
        self._cancelled.clear()
        self._patience = Patience()

    def cancel(self, call_id: int) -> None:
        """Record that the host has cancelled this call, without interrupting it."""
        self._cancelled.add(call_id)

    def interrupt(self, call_id: int) -> None:
        """Record a cancellation, and raise CallCancelled in the thread if the tool of the cancelled call runs.

        Other threads and signal handlers call this method. It waits for no lock: the code that a signal has interrupted
        may be this same method, which would hold the lock for ever if the handler waited for the lock.
        """
        self.cancel(call_id)
        if not self._interrupter.acquire(blocking=False):
            return  # the tool is interrupted later, because the host repeats the cancellation
        try:
            self._interrupting = True
            if self.needs_interruption(call_id) and self._should_raise(call_id):
                self._last_call, self._last_time = call_id, monotonic()
                self.has_interrupted = self._may_be_pending = True
                _raise_in(self._thread.ident, CallCancelled)
        finally:
            self._interrupting = False
            self._interrupter.release()

    @calls_adapter
    def run(self, call_id: int, function: Callable[..., Any], /, *arguments: Any, **named: Any) -> Any:
        """Call ``function`` for the call ``call_id``. When that call is cancelled, CallCancelled is raised in it."""
        try:
            try:
                self._armed = call_id
                if call_id in self._cancelled:  # the call was cancelled before it was armed, so nothing was raised
                    raise CallCancelled
                return function(*arguments, **named)
            finally:
                self._disarm()
        finally:
            self._disarm()  # once more, because the exception may have interrupted the first _disarm

    def pause(self, function: Callable[..., Any], /, *arguments: Any) -> Any:
        """Call ``function`` without interrupting it. Raises CallCancelled afterwards if the call was cancelled."""
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
            sleep(0)
        if self._may_be_pending:
            self._may_be_pending = False
            _clear_in(self._thread.ident, None)

    def _should_raise(self, call_id: int) -> bool:
        if self._last_call != call_id:
            return True
        if monotonic() - self._last_time < _REPEAT_AFTER:
            return False
        handled: Any = sys._current_exceptions().get(self._thread.ident or 0)  # pyright: ignore[reportPrivateUsage]
        if sys.version_info < (3, 12) and handled is not None:
            handled = handled[1]  # before Python 3.12, each value is a triple like sys.exc_info()
        return not is_handling_cancellation(handled)
