"""Cancellation that reaches running code.

The busy tool is also the reader of the worker's stream, so a cancellation comes out of band: on a control socket that
raises SIGIO. The handler runs on the main thread, where tools run too; raising there ends a loop, a sleep, a lock, a
socket or a subprocess wait.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import signal
import socket
import struct
import sys
from collections.abc import Callable, Iterator
from types import FrameType
from typing import Any

_CALL_ID = struct.Struct("<Q")


class CallCancelled(BaseException):
    """Raised inside a tool when its call has been cancelled or has run out of time.

    It is no Exception, so that ``except Exception`` lets it pass. Clean up and let it go: a tool that keeps running
    is killed with its worker after the host's grace.
    """


class CancelSignals:
    """The control socket of a worker, from which a signal handler reads the ids of cancelled calls."""

    def __init__(self, control: socket.socket, received: Callable[[list[int], FrameType | None], None]) -> None:
        """Listen on ``control``; ``received(ids, interrupted frame)`` runs in the handler. Main thread only."""
        self._control = control
        self._received = received
        self._incomplete = b""
        signal.signal(signal.SIGIO, self._on_signal)
        # A signal to the process goes to its main thread first, the only one that Python's handlers run on.
        fcntl.fcntl(control, fcntl.F_SETOWN, os.getpid())
        fcntl.fcntl(control, fcntl.F_SETFL, fcntl.fcntl(control, fcntl.F_GETFL) | os.O_ASYNC | os.O_NONBLOCK)
        self._received(self._read(), None)

    def stop(self) -> None:
        """Take note of no cancellation any more: nothing is left that could be cancelled."""
        signal.signal(signal.SIGIO, signal.SIG_IGN)

    def _read(self) -> list[int]:
        ids: list[int] = []
        try:
            while chunk := self._control.recv(4096):
                self._incomplete += chunk
                complete = len(self._incomplete) // _CALL_ID.size * _CALL_ID.size
                ids += (call_id for (call_id,) in _CALL_ID.iter_unpack(self._incomplete[:complete]))
                self._incomplete = self._incomplete[complete:]
        except OSError:
            pass  # nothing more for now; or the host has gone, which the end of its stream says better
        return ids

    def _on_signal(self, _: int, frame: FrameType | None) -> None:
        self._received(self._read(), frame)


class Interrupts:
    """Knows which call is running on the main thread and interrupts that one, never another.

    The handler raises only if the named call is armed at this moment and the interrupted frame is the tool's: nothing
    of this module is ever torn apart. The host repeats a cancellation until the call has ended, so one that came too
    early, or that a bare ``except`` swallowed, comes again; while the tool is still busy handling the first one (a
    ``finally``, a ``with``), a repetition leaves it alone.
    """

    def __init__(self, control: socket.socket) -> None:
        """Listen on ``control``, the worker's connected control socket. Main thread only."""
        self._armed = 0
        self._cancelled = 0
        self._signals = CancelSignals(control, self._on_cancelled)

    def is_cancelled(self, call_id: int) -> bool:
        """Tell whether the host has given up this call."""
        return self._cancelled == call_id

    def cancel(self, call_id: int) -> None:
        """Note a cancellation that arrived on the stream."""
        self._cancelled = max(self._cancelled, call_id)

    def run(self, call_id: int, function: Callable[..., Any], /, *arguments: Any, **named: Any) -> Any:
        """Call ``function`` as part of a call; raises CallCancelled out of it when that call is cancelled."""
        self._armed = call_id
        try:
            return function(*arguments, **named)
        finally:
            self._armed = 0

    @contextlib.contextmanager
    def held_off(self) -> Iterator[None]:
        """Let nothing of the running call be torn apart inside; a cancellation is noted for the caller to look at."""
        armed, self._armed = self._armed, 0
        try:
            yield
        finally:
            self._armed = armed

    def _on_cancelled(self, ids: list[int], frame: FrameType | None) -> None:
        for call_id in ids:
            self.cancel(call_id)  # ids only rise, and one call runs at a time: the latest is the one that counts
        if self._armed == 0 or self._armed != self._cancelled:
            return
        # A frame of this module is ``run``, or a handler itself when signals come faster than it ends.
        if frame is None or frame.f_globals is globals() or is_handling_cancellation(sys.exc_info()[1]):
            return
        raise CallCancelled(f"call {self._armed} was cancelled by the host")


def is_handling_cancellation(handled: BaseException | None) -> bool:
    """Tell whether code that handles ``handled`` is inside a ``finally`` or ``except`` that a cancellation led to."""
    while handled is not None:
        if isinstance(handled, CallCancelled):
            return True
        handled = handled.__context__
    return False
