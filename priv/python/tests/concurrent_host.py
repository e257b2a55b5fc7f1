"""A host for tests of the concurrent dispatcher, and tools that this host calls.

The test's main thread runs the dispatcher's event loop, and another thread of the test acts as the host.
"""

from __future__ import annotations

import asyncio
import json
import queue
import signal
import socket
import struct
import threading
import time
import unittest
from collections.abc import AsyncIterator, Callable, Iterator
from typing import Any

from snakepit_worker import CallCancelled, tool
from snakepit_worker.dispatch.concurrent import ConcurrentDispatcher
from snakepit_worker.dispatch.toolset import Toolset
from snakepit_worker.interrupts.event_loop import EventLoopInterrupts
from snakepit_worker.protocol.frames import HostFrame
from snakepit_worker.protocol.streams import Frame
from snakepit_worker.tools.tool import Tool

from .received_frames import as_received

LIMIT = 1024
LONG = 30.0  # seconds; a test waits this long only if a wake-up is lost
DEADLINE = 10.0


class Peer:
    """Acts as the host: sends frames, cancels on the stream and on the control socket, and waits for answers."""

    def __init__(self, control: socket.socket) -> None:
        self.frames: queue.SimpleQueue[Any] = queue.SimpleQueue()
        self.sent: queue.SimpleQueue[Any] = queue.SimpleQueue()
        self._control = control
        self._cancelled: set[int] = set()

    def take(self, frame: Frame) -> None:
        """Receive a frame that the worker sends."""
        self.sent.put(as_received(frame))

    def send(self, **frame: Any) -> None:
        self.frames.put(HostFrame(**frame))

    def call(
        self, name: str, id: int, *, streaming: bool = False, credit: int = 9, session: Any = None, **given: Any
    ) -> None:
        encoded = json.dumps(given).encode()
        self.send(
            call={
                "id": id,
                "tool": name,
                "arguments": encoded,
                "streaming": streaming,
                "credit": credit,
                "session": session,
            }
        )

    def cancel_out_of_band(self, id: int) -> None:
        self._control.send(struct.pack("<Q", id))

    def cancel(self, id: int) -> None:
        self._cancelled.add(id)
        self.send(cancel={"call": id})
        self.cancel_out_of_band(id)

    def wait_until_begun(self, tools: int = 1) -> None:
        """Wait until ``tools`` tools have reported that they run."""
        for _ in range(tools):
            begun.get(timeout=DEADLINE)

    def wait_until_read(self) -> None:
        """Wait until the worker has read all frames sent so far. Use it only while a call runs and no answer is due."""
        self.send(ping={"sequence": 1})
        assert self.kinds(1) == ["pong"]

    def next(self) -> Any:
        return self.sent.get(timeout=DEADLINE)

    def kinds(self, count: int) -> list[str]:
        return [self.next().WhichOneof("frame") for _ in range(count)]

    def answers(self, *ids: int) -> dict[int, Any]:
        """Wait for the final answers of these calls; repeat the cancellations of calls that have not been answered."""
        found: dict[int, Any] = {}
        deadline = time.monotonic() + DEADLINE
        while not found.keys() >= set(ids):
            try:
                frame = self.sent.get(timeout=0.02)
            except queue.Empty:
                if time.monotonic() > deadline:
                    raise
                for id in self._cancelled - found.keys():
                    self.cancel_out_of_band(id)
                continue
            kind = frame.WhichOneof("frame")
            if kind == "failure":
                found[frame.failure.call] = frame.failure
            elif kind == "result":
                found[frame.result.call] = json.loads(frame.result.value or b"null")
        return found


class ConcurrentTestCase(unittest.TestCase):
    capacity = 4

    def setUp(self) -> None:
        self.host, control = socket.socketpair()
        self.addCleanup(signal.signal, signal.SIGIO, signal.getsignal(signal.SIGIO))
        self.addCleanup(control.close)
        self.addCleanup(self.host.close)
        self.interrupts = EventLoopInterrupts().listen(control)
        self.peer = Peer(self.host)
        while not begun.empty():
            begun.get()  # remove what an earlier test has left

    def serve(self, *tools: Callable[..., Any], play: Callable[[Peer], Any]) -> Any:
        """Run the dispatcher while ``play`` acts as the host, and return the result of ``play``."""
        outcome: list[Any] = []

        def go() -> None:
            try:
                outcome.append(play(self.peer))
            except BaseException as error:
                outcome.append(error)
            self.peer.frames.put(None)

        toolset = Toolset(list(map(Tool, tools)), LIMIT)
        frames = iter(self.peer.frames.get, None)
        player = threading.Thread(target=go, daemon=True)
        player.start()
        ConcurrentDispatcher(4, toolset, self.interrupts, self.capacity, frames, self.peer.take).serve()
        player.join()
        if isinstance(outcome[0], BaseException):
            raise outcome[0]
        return outcome[0]


meet = threading.Barrier(2)
# A tool puts an item here when it runs. SimpleQueue.put is one step in C, so an interrupt cannot leave it half done.
begun: queue.SimpleQueue[None] = queue.SimpleQueue()


@tool
def meets() -> bool:
    meet.wait(DEADLINE)
    return threading.current_thread() is threading.main_thread()


@tool
def sleeps(seconds: float = LONG) -> None:
    begun.put(None)
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        time.sleep(0.001)


@tool
async def sleeps_async(seconds: float = LONG) -> str:
    await asyncio.sleep(seconds)
    return "slept"


@tool
async def blocks(how: str) -> None:
    begun.put(None)
    if how == "sleep":
        time.sleep(LONG)
    while True:
        pass


@tool
async def counts_async(to: int) -> AsyncIterator[int]:
    for number in range(to):
        await asyncio.sleep(0)
        yield number


@tool
def counts(to: int) -> Iterator[int]:
    yield from range(to)


@tool
def leaves(how: int) -> None:
    raise [SystemExit(3), KeyboardInterrupt(), GeneratorExit(), CallCancelled("mine"), ValueError("x")][how]


@tool
async def leaves_async(how: int) -> None:
    raise [SystemExit(3), KeyboardInterrupt(), GeneratorExit(), CallCancelled("mine"), asyncio.CancelledError()][how]
