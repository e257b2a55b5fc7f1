"""Cancellation that reaches running code.

The busy tool is also the reader of the worker's stream, so a cancellation comes out of band: on a control socket that
raises SIGIO. The handler runs on the main thread, where tools run too; raising there ends a loop, a sleep, a lock, a
socket or a subprocess wait.
"""

from __future__ import annotations

import fcntl
import os
import signal
import socket
import struct
import sys
from collections.abc import Callable
from types import FrameType
from typing import Any, Self

from ..api.cancelled import CallCancelled
from .frames import is_handling_cancellation, is_own

_CALL_ID = struct.Struct("<Q")


class Interrupts:
    """Knows which call is running and interrupts that one, never another.

    The handler raises only if the named call is armed at this moment and the interrupted frame is the tool's: nothing
    of this module is ever torn apart. The host repeats a cancellation until the call has ended, so one that came too
    early, or that a bare ``except`` swallowed, comes again; while the tool is still busy handling the first one (a
    ``finally``, a ``with``), a repetition leaves it alone.
    """

    def __init__(self) -> None:
        """Handle SIGIO from now on, in forks of this process too. Main thread only."""
        self._control: socket.socket | None = None
        self._received = b""
        self._armed = 0
        self._cancelled = 0
        signal.signal(signal.SIGIO, self._on_signal)

    def listen(self, control: socket.socket) -> Self:
        """Take cancellations from ``control``, the control socket of the worker that this process is.

        The host has sent none yet: it cancels calls, and makes them once it has heard that the worker serves.
        """
        self._control = control
        # A signal to the process goes to its main thread first, the only one that Python's handlers run on.
        fcntl.fcntl(control, fcntl.F_SETOWN, os.getpid())
        control.setblocking(False)
        fcntl.fcntl(control, fcntl.F_SETFL, fcntl.fcntl(control, fcntl.F_GETFL) | os.O_ASYNC)
        return self

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

    def pause(self, function: Callable[..., Any], /, *arguments: Any) -> Any:
        """Call ``function`` in the middle of a call, undisturbed; raises CallCancelled if one came meanwhile."""
        armed = self._armed
        self._armed = 0
        try:
            value = function(*arguments)
        finally:
            self._armed = armed
        if armed and self._cancelled == armed:
            raise CallCancelled(f"call {armed} was cancelled by the host")
        return value

    def _read(self) -> None:
        if self._control is None:
            return  # a stray signal
        try:
            while received := self._control.recv(4096):
                self._take(received)
        except OSError:
            pass  # nothing more for now; or the host has gone, which the end of its stream says better

    def _take(self, received: bytes) -> None:
        self._received += received
        complete = len(self._received) // _CALL_ID.size * _CALL_ID.size
        for (call_id,) in _CALL_ID.iter_unpack(self._received[:complete]):
            self._heard(call_id)
        self._received = self._received[complete:]

    def _heard(self, call_id: int) -> None:
        self.cancel(call_id)  # ids only rise, and one call runs at a time: the latest is the one that counts

    def _on_signal(self, _: int, frame: FrameType | None) -> None:
        self._read()
        if self._armed == 0 or self._armed != self._cancelled:
            return
        # A frame of our own is ``run``, or this handler itself when signals come faster than it ends.
        if frame is None or is_own(frame) or is_handling_cancellation(sys.exc_info()[1]):
            return
        raise CallCancelled(f"call {self._armed} was cancelled by the host")
