"""Cancellation of code that runs on a thread of its own, off the main thread that signals reach.

An exception is placed into the thread. Python code meets it at once; a blocking call only when it returns, which is why
the host does not wait for it.
"""

from __future__ import annotations

import contextlib
import ctypes
import sys
import threading
from collections.abc import Callable, Iterator
from typing import Any

from .cancellation import CallCancelled, is_handling_cancellation

_place = ctypes.pythonapi.PyThreadState_SetAsyncExc
_place.argtypes = (ctypes.c_ulong, ctypes.py_object)


class Interruptible:
    """Runs one call's code on any thread and interrupts it there, never what the thread does before or after."""

    def __init__(self) -> None:
        """Begin with nothing to interrupt."""
        self._lock = threading.Lock()
        self._thread = 0

    def run(self, function: Callable[..., Any], /, *arguments: Any, **named: Any) -> Any:
        """Call ``function``; raises CallCancelled out of it after ``interrupt``."""
        try:
            self._thread = threading.get_ident()
            return function(*arguments, **named)
        finally:
            self._disarm()

    @contextlib.contextmanager
    def held_off(self) -> Iterator[None]:
        """Let no interrupt come while ``run`` is inside."""
        self._disarm()
        try:
            yield
        finally:
            self._thread = threading.get_ident()

    def interrupt(self) -> None:
        """Interrupt ``run``, if it runs and is not dealing with an interrupt already."""
        with self._lock:
            if self._thread and not is_handling_cancellation(_handled_by(self._thread)):
                _place(self._thread, CallCancelled)

    def _disarm(self) -> None:
        while True:  # until nothing has come in between
            try:
                with self._lock:
                    self._thread = 0
                for _ in range(3):
                    pass  # what has been placed already is raised at a loop's turn at the latest
                return
            except CallCancelled:
                continue


def _handled_by(thread: int) -> BaseException | None:
    """Return the exception that a thread is handling now."""
    handled: Any = sys._current_exceptions().get(thread)
    return handled[1] if isinstance(handled, tuple) else handled  # a triple before Python 3.12
