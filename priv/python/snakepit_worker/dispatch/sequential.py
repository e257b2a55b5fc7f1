"""Serves a worker's frames with one call at a time, on the thread that reads them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..protocol.frames import WorkerFrame
from .host_call_frames import HostCallFrames
from .plain_call_channel import HostGone, PlainCallChannel
from .plain_calls import PlainCallRunner
from .sessions import Sessions
from .toolset import Toolset

if TYPE_CHECKING:
    from ..interrupts.interface import Interrupts
    from ..protocol.frames import HostFrame, HostFrameField
    from ..protocol.streams import Frames, Send


class SequentialDispatcher:
    """Runs plain tools. While one waits for credit or the host, the frames that come between are served."""

    def __init__(self, worker: int, toolset: Toolset, interrupts: Interrupts, frames: Frames, send: Send) -> None:
        """Serve the tools of ``toolset`` as ``worker``."""
        self._catalog = toolset.catalog
        self._frames = frames
        self._send = send
        self._sessions = Sessions()
        host_calls = HostCallFrames(toolset.max_payload)
        channel = PlainCallChannel(frames, send, interrupts, host_calls, self._serve_other)
        self._runner = PlainCallRunner(worker, toolset, interrupts, channel)
        self._draining = False

    def serve(self) -> None:
        """Answer frames until the host ends the stream."""
        run, session_of = self._runner.run, self._sessions.of
        try:
            for frame in self._frames:
                kind = frame.WhichOneof("frame")
                if kind == "call":
                    run(frame.call, session_of)
                else:
                    self._serve_other(kind, frame)
                if self._draining:
                    self._draining = False
                    # The host ends the stream when this frame, and all before it, has arrived.
                    self._send(WorkerFrame(drained={}))
        except HostGone as gone:
            if gone.__cause__ is not None:
                raise gone.__cause__ from None

    def _serve_other(self, kind: HostFrameField | None, frame: HostFrame) -> None:
        """Serve a frame that no running call waits for; one about a call that has ended needs no answer."""
        if kind == "ping":
            self._send(WorkerFrame(pong={"sequence": frame.ping.sequence}))
        elif kind == "list_tools":
            self._send(self._catalog.listed())
        elif kind == "drain":
            self._draining = True
        elif kind == "end_session":
            self._sessions.end(frame.end_session.id)
