"""A host for tests of the sequential dispatcher: it sends frames from an iterable, and keeps the answers in a list."""

from __future__ import annotations

import json
import signal
import socket
import struct
import unittest
from collections.abc import Callable, Iterator
from typing import Any

from snakepit_worker import tool
from snakepit_worker.dispatch.sequential import SequentialDispatcher
from snakepit_worker.dispatch.toolset import Toolset
from snakepit_worker.interrupts.main_thread import MainThreadInterrupts
from snakepit_worker.protocol.frames import HostFrame
from snakepit_worker.tools.tool import Tool

from .received_frames import as_received

LIMIT = 1024


class DispatcherTestCase(unittest.TestCase):
    def setUp(self) -> None:
        self.host, control = socket.socketpair()
        previous = signal.getsignal(signal.SIGIO)
        self.addCleanup(signal.signal, signal.SIGIO, previous)
        self.addCleanup(control.close)
        self.addCleanup(self.host.close)
        self.interrupts = MainThreadInterrupts().listen(control)
        self.sent: list[Any] = []

    def serve(self, *tools: Callable[..., Any], frames: Iterator[Any] | list[Any]) -> list[Any]:
        """Run the dispatcher on ``frames`` and return the frames that it has sent."""
        toolset = Toolset(list(map(Tool, tools)), LIMIT)
        SequentialDispatcher(
            4, toolset, self.interrupts, iter(frames), lambda frame: self.sent.append(as_received(frame))
        ).serve()
        return self.sent

    def served_kinds(self, *tools: Callable[..., Any], frames: Iterator[Any] | list[Any]) -> list[str]:
        """Run the dispatcher on ``frames`` and return the kinds of the frames that it has sent."""
        self.serve(*tools, frames=frames)
        return self.kinds()

    def cancel(self, call_id: int = 1) -> None:
        """Cancel a call on the control socket, as the host does while a tool is busy."""
        self.host.send(struct.pack("<Q", call_id))

    def kinds(self) -> list[str]:
        return [frame.WhichOneof("frame") for frame in self.sent]

    def chunks(self) -> list[Any]:
        return [json.loads(frame.chunk.value) for frame in self.sent if frame.HasField("chunk")]

    def failure(self, *tools: Callable[..., Any], frames: list[Any]) -> Any:
        """Run the dispatcher on ``frames``, whose last answer must be a failure, and return that failure."""
        last = self.serve(*tools, frames=frames)[-1]
        self.assertEqual(last.WhichOneof("frame"), "failure")
        return last.failure


def call(
    name: str, *, id: int = 1, streaming: bool = False, credit: int = 0, session: Any = None, **arguments: Any
) -> HostFrame:
    encoded = json.dumps(arguments).encode() if arguments else b""
    return HostFrame(
        call={
            "id": id,
            "tool": name,
            "arguments": encoded,
            "streaming": streaming,
            "credit": credit,
            "timeout_ms": 500,
            "session": session,
        }
    )


def credit(chunks: int, call: int = 1) -> HostFrame:
    return HostFrame(credit={"call": call, "chunks": chunks})


def answer(id: int, value: bytes = b"null", **error: str) -> HostFrame:
    if error:
        return HostFrame(host_answer={"id": id, "error": {"type": error["type"], "message": error["message"]}})
    return HostFrame(host_answer={"id": id, "value": value})


@tool
def add(a: float, b: float) -> float:
    return a + b


@tool
def fails(message: str) -> None:
    raise ValueError(message)


class Count:
    """A tool that streams numbers, and records in ``closed`` whether its stream has ended or was closed."""

    def __init__(self, at_end: Callable[[], Any] = lambda: None) -> None:
        self.closed = False
        self.at_end = at_end

    @tool
    def count(self, to: int = 1_000_000) -> Iterator[int]:
        try:
            yield from range(to)
        finally:
            self.closed = True
            self.at_end()
