"""Runs the calls of a worker one at a time, on the thread that reads the frames."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from ..process import signals
from ..protocol.frames import WorkerFrame
from .call_contexts import CurrentLoop, call_contexts
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
    """Runs plain (synchronous) tools. While a call waits for one of its own frames, other frames are handled."""

    def __init__(self, worker: int, toolset: Toolset, interrupts: Interrupts, frames: Frames, send: Send) -> None:
        """Serve the tools of ``toolset`` in the worker with the number ``worker``."""
        self._catalog = toolset.catalog
        self._frames = frames
        self._send = send
        self._sessions = Sessions()
        host_calls = HostCallFrames(toolset.max_payload)
        channel = PlainCallChannel(frames, send, interrupts, host_calls, self._serve_other)
        self._runner = PlainCallRunner(worker, toolset, interrupts, channel, call_contexts())
        self._current_loop = CurrentLoop()
        self._draining = False

    def serve(self) -> None:
        """Answer frames until the host ends the stream."""
        run, session_of, leave_again = self._runner.run, self._sessions.of, signals.leave_again
        put_back, modules = self._current_loop.put_back, sys.modules
        try:
            for frame in self._frames:
                kind = frame.WhichOneof("frame")
                if kind == "call":
                    run(frame.call, session_of)
                    leave_again()  # after the answer was sent, so no caller waits for it
                    if "asyncio" in modules:
                        put_back()
                else:
                    self._serve_other(kind, frame)
                if self._draining:
                    self._draining = False
                    # The host ends the stream when it has received this frame.
                    self._send(WorkerFrame(drained={}))
                del frame  # otherwise an idle worker would keep the arguments of its last call
        except HostGone as gone:
            if gone.__cause__ is not None:
                raise gone.__cause__ from None

    def _serve_other(self, kind: HostFrameField | None, frame: HostFrame) -> None:
        """Handle a frame that is not about the running call. A frame about a call that has ended needs no answer."""
        if kind == "ping":
            self._send(WorkerFrame(pong={"sequence": frame.ping.sequence}))
        elif kind == "list_tools":
            self._send(self._catalog.listed())
        elif kind == "drain":
            self._draining = True
        elif kind == "end_session":
            self._sessions.end(frame.end_session.id)
