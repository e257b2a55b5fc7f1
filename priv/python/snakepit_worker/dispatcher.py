"""Frames to calls, one at a time: for tools that are plain functions, whatever transport carries the frames."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterator
from typing import Any

from . import answers
from .answers import Refused, Toolbox
from .cancellation import CallCancelled, Interrupts
from .context import Context
from .host import Host
from .protocol import WorkerFrame
from .session import Session, Sessions
from .tool import Tool

Send = Callable[[Any], None]

_LOG = logging.getLogger("snakepit.worker")
_END = object()
# The worker's own frames above a tool's in a traceback: the dispatcher's, and Interrupts.run.
_OWN_FRAMES = 2


class _HostGone(BaseException):
    """The stream ended while a call was waiting for a frame. No Exception: it is not for tools to catch."""


class Dispatcher:
    """Runs one call at a time, on the thread that reads the frames."""

    def __init__(self, worker: int, tools: list[Tool], interrupts: Interrupts, max_payload: int) -> None:
        """Serve ``tools`` as ``worker``; a result or chunk over ``max_payload`` bytes is refused."""
        self._worker = worker
        self._toolbox = Toolbox(tools, max_payload)
        self._interrupts = interrupts
        self._sessions = Sessions()
        self._thread = threading.get_ident()
        self._draining = False
        self._running = 0
        self._credit = 0
        self._host_calls = 0
        self._frames: Iterator[Any] = iter(())
        self._send: Send = lambda _: None

    def serve(self, frames: Iterator[Any], send: Send) -> None:
        """Answer frames until the host ends the stream."""
        self._frames, self._send = frames, send
        for frame in frames:
            kind = frame.WhichOneof("frame")
            if kind == "call":
                try:
                    self._serve_call(frame.call)
                except _HostGone:
                    return
            else:
                self._serve_between_calls(kind, frame)
            if self._draining:
                self._draining = False
                send(WorkerFrame(drained={}))  # the host ends the stream when this, and all before it, has arrived

    def session_of(self, call: Any) -> Session | None:
        """Return the call's session, if it has one."""
        return self._sessions.of(call)

    def host_of(self, call: Any) -> Host:
        """Return what the call's tool asks the host by."""

        async def ask_async(tool: str, _: bytes) -> Any:
            raise RuntimeError(f"host tool {tool!r}: call_async is for async def tools; use ctx.host.call here")

        return Host(lambda tool, arguments: self._ask(call.id, tool, arguments), ask_async, self._toolbox.max_payload)

    def is_cancelled(self, call_id: int) -> bool:
        """Tell whether the host has given the call up."""
        return self._interrupts.is_cancelled(call_id)

    def _serve_between_calls(self, kind: str, frame: Any) -> None:
        if kind == "ping":
            self._send(WorkerFrame(pong={"sequence": frame.ping.sequence}))
        elif kind == "list_tools":
            self._send(self._toolbox.described())
        elif kind == "end_session":
            self._sessions.end(frame.end_session.key)
        elif kind == "drain":
            self._draining = True
        # A cancel, a credit or an answer that is late by one call means nothing any more.

    def _serve_call(self, call: Any) -> None:
        try:
            found, arguments = self._toolbox.prepare(call, Context(self._worker, call, self))
        except Refused as refused:
            self._send(refused.failure)
            return
        self._running = call.id
        self._send(self._stream(call, found, arguments) if call.streaming else self._answer(call, found, arguments))
        self._running = 0

    def _answer(self, call: Any, found: Tool, arguments: Any) -> Any:
        if self._interrupts.is_cancelled(call.id):
            return answers.cancelled(call, "before it ran")
        try:
            value = self._interrupts.run(call.id, found.function, **arguments)
        except _HostGone:
            raise
        except BaseException as error:  # whatever a tool raises is its caller's, SystemExit included
            return self._failed(call, error)
        return self._toolbox.encoded(call, value, "result")

    def _stream(self, call: Any, found: Tool, arguments: Any) -> Any:
        """Send a generator's chunks; return the frame that ends the stream."""
        interrupts = self._interrupts
        self._credit = call.credit
        generator = None
        try:
            generator = found.function(**arguments)
            while True:
                while self._credit == 0 and not interrupts.is_cancelled(call.id):
                    self._read_for(call.id)
                if interrupts.is_cancelled(call.id):
                    return answers.cancelled(call, "between two chunks")
                value = interrupts.run(call.id, next, generator, _END)
                if value is _END:
                    return answers.end_of_stream(call)
                frame = self._toolbox.encoded(call, value, "chunk")
                if frame.HasField("failure"):
                    return frame
                self._send(frame)
                self._credit -= 1
        except _HostGone:
            raise
        except BaseException as error:  # as above
            return self._failed(call, error)
        finally:
            if generator is not None:
                _close(call, generator)

    def _ask(self, call_id: int, tool: str, arguments: bytes) -> Any:
        """Ask the host for a host tool and return its answer; other frames are dealt with while it is awaited."""
        if threading.get_ident() != self._thread:
            raise RuntimeError(f"host tool {tool!r}: call it from the thread that runs the tool")
        if self._running != call_id:
            raise RuntimeError(f"host tool {tool!r}: the call that asks has ended")
        with self._interrupts.held_off():
            if not self._interrupts.is_cancelled(call_id):
                self._host_calls += 1
                question = {"id": self._host_calls, "call": call_id, "tool": tool, "arguments": arguments}
                self._send(WorkerFrame(host_call=question))
                while not self._interrupts.is_cancelled(call_id):
                    answer = self._read_for(call_id)
                    if answer is not None and answer.id == question["id"]:
                        return answer
        raise CallCancelled(f"call {call_id} was cancelled by the host")

    def _read_for(self, call_id: int) -> Any:
        """Read one frame while a call runs: take note of its credit or cancellation, return an answer of the host."""
        for frame in self._frames:
            kind = frame.WhichOneof("frame")
            if kind == "host_answer":
                return frame.host_answer
            if kind == "credit" and frame.credit.call == call_id:
                self._credit += frame.credit.chunks
            elif kind == "cancel" and frame.cancel.call == call_id:
                self._interrupts.cancel(call_id)
            else:
                self._serve_between_calls(kind, frame)
            return None
        raise _HostGone

    def _failed(self, call: Any, error: BaseException) -> Any:
        if isinstance(error, CallCancelled) and self._interrupts.is_cancelled(call.id):
            return answers.cancelled(call, "while it ran")
        return self._toolbox.raised(call, error, _OWN_FRAMES)


def _close(call: Any, generator: Any) -> None:
    """End a stream before its time; one that has ended, by itself or by raising, is left as it is."""
    try:
        generator.close()
    except BaseException:  # the call has failed already, or nobody waits for it any more
        _LOG.warning("tool %r: closing its generator failed", call.tool, exc_info=True)
