"""Cancellation of a tool that runs on the main thread.

The thread that runs a tool also reads the worker's stream, so it cannot read a cancellation there while the tool runs.
The host therefore sends each cancellation on the control socket as well, and its arrival there raises SIGIO. Python
runs signal handlers on the main thread. An exception that the handler raises ends a loop, a sleep, or a wait for a
lock, a socket or a subprocess.
"""

from __future__ import annotations

import fcntl
import struct
import sys
from collections.abc import Callable
from types import FrameType
from typing import Any, Self

from ..api.cancelled import CallCancelled
from ..originals import os, signal, socket
from ..process import signals
from ..process.own_frames import calls_adapter, is_own
from ..protocol.control import Report
from ..protocol.framing import framed
from .frames import is_handling_cancellation
from .patience import Patience

_CALL_ID = struct.Struct("<Q")
# The host sends this instead of a call's id before it sends SIGTERM; equal to SigtermFollows in C#.
_SIGTERM_FOLLOWS = 2**64 - 1
_EXPECTS_SIGTERM = framed(Report(expects_sigterm={}))


class MainThreadInterrupts:
    """Interrupts the call that runs on the main thread when the host cancels that call.

    The signal handler raises CallCancelled only while the tool of the cancelled call runs, and never inside this
    package's own code. The host sends a cancellation again and again until the call has ended. A later signal
    interrupts a tool that was not yet running at the first signal, or that went on after a bare ``except`` had caught
    the first exception. While the tool still handles the first exception (in a ``finally``, or at the end of a
    ``with``), the handler ignores later signals.
    """

    def __init__(self) -> None:
        """Install the handler of SIGIO, which forks of this process inherit. Main thread only."""
        self._control: socket.socket | None = None
        self._received = b""
        self._armed = 0  # id of the call whose tool may be interrupted at this moment; 0 if there is none
        self._cancelled = 0
        self._patience = Patience()
        self.has_interrupted = False  # see Interrupts
        self.is_stream = False
        signal.signal(signal.SIGIO, self._on_signal)

    def listen(self, control: socket.socket) -> Self:
        """Receive cancellations from ``control``, the control socket of this worker.

        No cancellation can have arrived earlier, because the host makes and cancels calls only after the worker has
        reported that it is listening.
        """
        self._control = control
        # The kernel delivers a signal for a process to its main thread, unless that thread blocks the signal, as an
        # adapter may have made it do.
        signal.pthread_sigmask(signal.SIG_UNBLOCK, (signal.SIGIO,))
        fcntl.fcntl(control, fcntl.F_SETOWN, os.getpid())
        control.setblocking(False)
        fcntl.fcntl(control, fcntl.F_SETFL, fcntl.fcntl(control, fcntl.F_GETFL) | os.O_ASYNC)
        return self

    def is_cancelled(self, call_id: int) -> bool:
        """Tell whether the host has cancelled this call."""
        return self._cancelled == call_id

    def needs_interruption(self, call_id: int) -> bool:
        """Tell whether the tool of this cancelled call runs, so that only an interruption can end the call."""
        return self._armed == call_id and (not self.is_stream or self._patience.is_over())

    def cancel(self, call_id: int) -> None:
        """Record that the host has cancelled this call, without interrupting it."""
        if call_id > self._cancelled:
            self._patience = Patience()
            self._cancelled = call_id

    @calls_adapter
    def run(self, call_id: int, function: Callable[..., Any], /, *arguments: Any, **named: Any) -> Any:
        """Call ``function`` for the call ``call_id``. When that call is cancelled, CallCancelled is raised in it."""
        self._armed = call_id
        try:
            return function(*arguments, **named)
        finally:
            self._armed = 0

    def pause(self, function: Callable[..., Any], /, *arguments: Any) -> Any:
        """Call ``function`` without interrupting it. Raises CallCancelled afterwards if the call was cancelled."""
        armed = self._armed
        self._armed = 0
        try:
            value = function(*arguments)
        finally:
            self._armed = armed
        if armed and self._cancelled == armed:
            raise CallCancelled(f"call {armed} was cancelled by the host")
        return value

    def _on_signal(self, number: int, frame: FrameType | None) -> None:
        self._read()
        if self._armed == 0 or self._armed != self._cancelled or not self.needs_interruption(self._armed):
            return
        # is_own is true for ``run`` and for this handler, which a second signal may interrupt while it handles a first.
        if frame is None or is_own(frame) or is_handling_cancellation(sys.exc_info()[1]):
            return
        self.has_interrupted = True
        raise CallCancelled(f"call {self._armed} was cancelled by the host")

    def _read(self) -> None:
        if self._control is None:
            return  # the worker does not listen to a host yet, so the signal came from elsewhere
        try:
            while received := self._control.recv(4096):
                self._take(received)
        except OSError:
            pass  # no more cancellations have arrived, or the host has gone and the worker's stream is about to end

    def _take(self, received: bytes) -> None:
        self._received += received
        complete = len(self._received) // _CALL_ID.size * _CALL_ID.size
        for (call_id,) in _CALL_ID.iter_unpack(self._received[:complete]):
            if call_id == _SIGTERM_FOLLOWS:
                self._expect_sigterm()
            else:
                self._on_cancellation(call_id)
        self._received = self._received[complete:]

    def _expect_sigterm(self) -> None:
        try:
            signals.obey_host()
        finally:
            if self._control is not None:
                self._control.send(_EXPECTS_SIGTERM)  # only now, because the host sends SIGTERM when it receives this

    def _on_cancellation(self, call_id: int) -> None:
        # Call ids increase and one call runs at a time, so storing the highest cancelled id is enough.
        self.cancel(call_id)
