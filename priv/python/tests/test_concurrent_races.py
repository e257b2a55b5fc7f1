"""Tests that among thousands of randomly cancelled calls, each is answered once, and no interrupt hits another call."""

from __future__ import annotations

import asyncio
import collections
import queue
import random
import threading
import time
from collections.abc import AsyncIterator, Iterator
from typing import Any

from snakepit_worker import CallCancelled, Context, tool
from snakepit_worker.interrupts.thread import ThreadInterrupts
from snakepit_worker.protocol.frames import Failure

from .concurrent_host import ConcurrentTestCase, Peer

_SECONDS = 30.0


@tool
def spins(turns: int) -> int:
    for _ in range(turns):
        pass
    return turns


@tool
async def spins_async(turns: int) -> int:
    for _ in range(turns):
        pass
    await asyncio.sleep(0)
    return turns


@tool
def streams(turns: int) -> Iterator[int]:
    for _ in range(3):
        yield spins(turns)


@tool
async def streams_async(turns: int) -> AsyncIterator[int]:
    for _ in range(3):
        yield await spins_async(turns)


@tool
def asks(turns: int, ctx: Context) -> Any:
    return ctx.host.call("turns", turns=turns)


@tool
async def asks_async(turns: int, ctx: Context) -> Any:
    return await ctx.host.call_async("turns", turns=turns)


_TOOLS = spins, spins_async, streams, streams_async, asks, asks_async


class RacingCancellations(ConcurrentTestCase):
    _CALLS = 4_000
    _CANCELLED = 50  # the test fails if fewer calls end as cancelled, even on a busy machine

    def test_each_call_is_answered_once_and_only_cancelled_calls_end_as_cancelled(self) -> None:
        answers, cancelled = self.serve(*_TOOLS, play=self._play)
        self.assertEqual({id for id, kinds in answers.items() if len(kinds) != 1}, set())
        self.assertEqual(len(answers), self._CALLS)
        unasked = {id: kinds for id, kinds in answers.items() if id not in cancelled and kinds != ["result"]}
        self.assertEqual(unasked, {})
        ended = [id for id, kinds in answers.items() if kinds == [Failure.CANCELLED]]
        self.assertEqual({kinds[0] for kinds in answers.values()} - {"result", Failure.CANCELLED}, set())
        self.assertGreaterEqual(len(ended), self._CANCELLED)

    def _play(self, host: Peer) -> Any:
        """Keep as many calls running as the capacity allows, and cancel about every third at a random moment."""
        seed = random.Random(7)
        answers: dict[int, list[Any]] = collections.defaultdict(list)
        running: set[int] = set()
        cancelled: set[int] = set()
        next_id, deadline = 1, time.monotonic() + _SECONDS
        while (next_id <= self._CALLS or running) and time.monotonic() < deadline:
            while next_id <= self._CALLS and len(running) < self.capacity:
                name = seed.choice(_TOOLS).__name__
                streaming = name.startswith("streams")
                host.call(name, next_id, streaming=streaming, credit=2, turns=seed.randrange(6000))
                running.add(next_id)
                next_id += 1
            for id in running:
                if id in cancelled:
                    host.cancel_out_of_band(id)  # the real host repeats its cancellations too
                elif id % 3 == 0 and seed.random() < 0.3:
                    cancelled.add(id)
                    host.cancel(id)
            try:
                frame = host.sent.get(timeout=0.001)
            except queue.Empty:
                continue
            self._take(host, frame, answers, running)
        return answers, cancelled

    def _take(self, host: Peer, frame: Any, answers: dict[int, list[Any]], running: set[int]) -> None:
        kind = frame.WhichOneof("frame")
        if kind == "chunk":
            host.send(credit={"call": frame.chunk.call, "chunks": 1})
        elif kind == "host_call":
            host.send(host_answer={"id": frame.host_call.id, "value": b"1"})
        elif kind == "result":
            answers[frame.result.call].append("result")
            running.discard(frame.result.call)
        elif kind == "failure":
            answers[frame.failure.call].append(frame.failure.kind)
            running.discard(frame.failure.call)


class RacingCancellationsOfOneCapacity(RacingCancellations):
    capacity = 1
    _CALLS = 2_000


class InterruptsOfAThread(ConcurrentTestCase):
    _CALLS = 20_000

    def test_an_exception_is_never_raised_after_the_call_that_it_is_for(self) -> None:
        current = [0]
        problems: list[Any] = []
        hit = [0]

        def calls() -> None:
            try:
                call_id, deadline = 0, time.monotonic() + _SECONDS
                # On a busy machine, more calls may be needed until an interrupt hits one of them.
                while call_id < self._CALLS or (hit[0] == 0 and time.monotonic() < deadline):
                    call_id += 1
                    current[0] = call_id
                    try:
                        interrupts.run(call_id, _short)
                    except CallCancelled:
                        hit[0] += 1
                        if not interrupts.is_cancelled(call_id):
                            problems.append(call_id)
            except BaseException as error:
                problems.append(error)

        thread = threading.Thread(target=calls)
        interrupts = ThreadInterrupts(thread)
        thread.start()
        while thread.is_alive():
            interrupts.interrupt(current[0])
            time.sleep(0)
        self.assertEqual(problems, [])
        self.assertGreater(hit[0], 0)


def _short() -> None:
    for _ in range(40):
        pass
