"""Sends and receives the frames of a plain (synchronous) tool's call while it runs.

The thread that runs the tool also reads the frames. A call that waits for flow-control credit, or for the answer of a
host tool, therefore reads the next frames itself, and passes frames that are not about this call to the dispatcher.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from ..api.cancelled import CallCancelled
from ..process import forks
from ..process.waits import waits
from .host_call_frames import HostCallFrames, value_of

if TYPE_CHECKING:
    from ..interrupts.interface import Interrupts
    from ..protocol.frames import Call, HostFrame, HostFrameField
    from ..protocol.streams import Frame, Frames, Send
    from ..telemetry.recorder import Recorder

    Serve = Callable[[HostFrameField | None, HostFrame], None]


class HostGone(BaseException):
    """The host's stream has ended while a call waited for a frame.

    It derives from BaseException, so that a tool's ``except Exception`` does not catch it.
    """


class PlainCallChannel:
    """Reads and sends the frames of one call of a plain (synchronous) tool at a time."""

    def __init__(
        self, frames: Frames, send: Send, interrupts: Interrupts, host_calls: HostCallFrames, serve_other: Serve
    ) -> None:
        """Read from ``frames`` and write with ``send``; ``serve_other`` gets frames that are not about the call."""
        self.send = send
        self._frames = frames
        self._interrupts = interrupts
        self._host_calls = host_calls
        self._serve_other = serve_other
        self._call_id = 0
        self._credit = 0

    def begin(self, call: Call) -> None:
        """Exchange frames for ``call`` from now on. Needed only for a stream or a tool that takes a context."""
        self._call_id = call.id
        self._credit = call.credit

    def wait_for_credit(self) -> None:
        """Read frames until the call has credit (the host's permission) to send a chunk, or is cancelled."""
        while self._credit == 0 and not self._interrupts.is_cancelled(self._call_id):
            frame = self._next_frame()
            self._take(frame.WhichOneof("frame"), frame)

    def send_chunk(self, frame: Frame) -> None:
        """Send one chunk and use up one credit."""
        self.send(frame)
        self._credit -= 1

    def call_host(self, tool: str, arguments: dict[str, Any], recorder: Recorder | None) -> Any:
        """Run a host tool and return its answer."""
        return self._interrupts.pause(self._exchange, tool, arguments, recorder)

    def _exchange(self, tool: str, arguments: dict[str, Any], recorder: Recorder | None) -> Any:
        """Send the frame of a host call, and read frames until the answer arrives."""
        self._raise_if_cancelled()
        request = self._host_calls.request(self._call_id, tool, arguments)
        request_id = request.host_call.id
        if recorder is not None:
            recorder.tell_with_host_call(request)
        self.send(request)
        while True:
            frame = self._next_frame()
            kind = frame.WhichOneof("frame")
            if kind == "host_answer" and frame.host_answer.id == request_id:
                return value_of(tool, frame.host_answer)
            self._take(kind, frame)
            if self._interrupts.is_cancelled(self._call_id):
                self.send(self._host_calls.withdrawal(request_id))
                self._raise_if_cancelled()

    def _raise_if_cancelled(self) -> None:
        if self._interrupts.is_cancelled(self._call_id):
            raise CallCancelled(f"call {self._call_id} was cancelled by the host")

    @waits
    def _next_frame(self) -> HostFrame:
        try:
            return next(self._frames)
        except StopIteration:
            raise HostGone from None
        except Exception as error:  # the transport has failed; the dispatcher raises this error again
            forks.end_if_forked(error)
            raise HostGone from error

    def _take(self, kind: HostFrameField | None, frame: HostFrame) -> None:
        if kind == "credit":
            if frame.credit.call == self._call_id:
                self._credit += frame.credit.chunks
        elif kind == "cancel":
            if frame.cancel.call == self._call_id:
                self._interrupts.cancel(self._call_id)
        elif kind != "host_answer":  # a late answer to a withdrawn host call is dropped
            self._serve_other(kind, frame)
