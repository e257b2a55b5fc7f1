"""Tests that the host learns when a tool was interrupted, and that a call ended at a safe point is not reported so."""

from __future__ import annotations

import asyncio
import time
import unittest
from collections.abc import Iterator
from typing import Any

from snakepit_worker import Context, tool
from snakepit_worker.interrupts.patience import Patience
from snakepit_worker.protocol.frames import Failure, HostFrame

from .concurrent_host import LONG, ConcurrentTestCase, Peer, begun, blocks, sleeps, sleeps_async
from .interrupts_host import Host
from .sequential_host import DispatcherTestCase, add, answer, call

_CANCEL = HostFrame(cancel={"call": 1})


class OneCallAtATime(DispatcherTestCase):
    def last(self, *tools: Any, frames: Any) -> Any:
        return self.serve(*tools, frames=frames)[-1]

    def test_a_tool_that_was_interrupted_is_marked_even_if_it_swallows_the_exception(self) -> None:
        @tool
        def ends() -> None:
            self.cancel()
            time.sleep(LONG)

        @tool
        def swallows() -> str:
            try:
                self.cancel(2)
                time.sleep(LONG)
            except BaseException:
                pass
            return "swallowed"

        one, two = self.serve(ends, swallows, frames=[call("ends"), call("swallows", id=2)])
        self.assertEqual((one.failure.kind, one.interrupted), (Failure.CANCELLED, True))
        self.assertEqual((two.WhichOneof("frame"), two.interrupted), ("result", True))

    def test_a_call_that_was_not_interrupted_is_not_marked(self) -> None:
        self.assertFalse(self.last(add, frames=[call("add", a=1, b=1)]).interrupted)

    def test_a_call_that_was_cancelled_before_it_ran_is_not_marked(self) -> None:
        self.cancel()
        last = self.last(add, frames=[call("add", a=1, b=1)])
        self.assertEqual((last.failure.kind, last.interrupted), (Failure.CANCELLED, False))

    def test_a_generator_that_yields_soon_is_cancelled_between_two_chunks(self) -> None:
        @tool
        def counts() -> Iterator[int]:
            yield 1
            self.cancel()
            time.sleep(0.03)
            yield 2

        last = self.last(counts, frames=[call("counts", streaming=True, credit=9)])
        self.assertEqual((self.chunks(), last.failure.kind, last.interrupted), ([1, 2], Failure.CANCELLED, False))

    def test_a_generator_that_does_not_yield_is_interrupted_and_marked(self) -> None:
        @tool
        def counts() -> Iterator[int]:
            yield 1
            host.begin.set()
            time.sleep(LONG)

        with Host(self.host, 1) as host:
            last = self.last(counts, frames=[call("counts", streaming=True, credit=9)])
        self.assertEqual((last.failure.kind, last.interrupted), (Failure.CANCELLED, True))

    def test_a_generator_that_cleans_up_after_its_end_is_not_interrupted(self) -> None:
        closed: list[bool] = []

        @tool
        def counts() -> Iterator[int]:
            try:
                yield 1
                yield 2
            finally:
                host.begin.set()
                time.sleep(0.2)
                closed.append(True)

        with Host(self.host, 1) as host:
            last = self.last(counts, frames=[call("counts", streaming=True, credit=1), _CANCEL])
        self.assertEqual((last.failure.kind, last.interrupted, closed), (Failure.CANCELLED, False, [True]))

    def test_a_tool_that_waits_for_the_host_is_not_interrupted(self) -> None:
        @tool
        def asks(ctx: Context) -> Any:
            return ctx.host.call("a")

        last = self.last(asks, frames=[call("asks"), _CANCEL, answer(1)])
        self.assertEqual((last.failure.kind, last.interrupted), (Failure.CANCELLED, False))

    def test_code_that_encodes_the_result_is_not_interrupted(self) -> None:
        class Slow(dict[str, int]):
            def items(self) -> Any:
                host.begin.set()
                time.sleep(0.1)
                return super().items()

        @tool
        def returns() -> Any:
            return Slow(a=1)

        with Host(self.host, 1) as host:
            last = self.last(returns, frames=[call("returns")])
        self.assertEqual((last.WhichOneof("frame"), last.interrupted), ("result", False))


class SeveralCallsAtATime(ConcurrentTestCase):
    def cancelled_only_with_frames(self, host: Peer, id: int, until: str) -> Any:
        """Cancel a call with Cancel frames alone, as the host does while other calls run, until a frame arrives."""
        for _ in range(500):
            host.send(cancel={"call": id})
            time.sleep(0.02)
            while not host.sent.empty():
                frame = host.next()
                if frame.WhichOneof("frame") == until:
                    return frame
        raise AssertionError(f"no {until} has arrived")

    def seen_until_the_end(self, host: Peer, id: int) -> list[Any]:
        """Cancel a call with Cancel frames alone, and return the frames that arrive until it has failed."""
        seen: list[Any] = []
        while not seen or seen[-1].WhichOneof("frame") != "failure":
            host.send(cancel={"call": id})
            time.sleep(0.02)
            while not host.sent.empty():
                seen.append(host.next())
        return seen

    def test_a_plain_tool_is_not_interrupted_by_a_frame_but_reported(self) -> None:
        def play(host: Peer) -> Any:
            host.call("sleeps", 1)
            host.wait_until_begun()
            reported = self.cancelled_only_with_frames(host, 1, "needs_interruption").needs_interruption
            self.assertEqual((reported.call, reported.blocks_others), (1, False))
            host.cancel_out_of_band(1)
            return self.cancelled_only_with_frames(host, 1, "failure")

        last = self.serve(sleeps, play=play)
        self.assertEqual((last.failure.kind, last.interrupted), (Failure.CANCELLED, True))

    def test_a_generator_on_a_thread_that_yields_soon_is_cancelled_between_two_chunks(self) -> None:
        @tool
        def counts() -> Iterator[int]:
            yield 1
            begun.put(None)
            time.sleep(0.05)
            yield 2

        def play(host: Peer) -> Any:
            host.call("counts", 1, streaming=True)
            host.wait_until_begun()
            return self.seen_until_the_end(host, 1)

        seen = self.serve(counts, play=play)
        self.assertEqual([frame.WhichOneof("frame") for frame in seen], ["chunk", "chunk", "failure"])
        self.assertEqual((seen[-1].failure.kind, seen[-1].interrupted), (Failure.CANCELLED, False))

    def test_a_coroutine_that_awaits_is_cancelled_by_a_frame_without_the_control_channel(self) -> None:
        def play(host: Peer) -> Any:
            host.call("sleeps_async", 1)
            return self.cancelled_only_with_frames(host, 1, "failure")

        last = self.serve(sleeps_async, play=play)
        self.assertEqual((last.failure.kind, last.interrupted), (Failure.CANCELLED, False))

    def test_a_coroutine_that_blocks_the_loop_is_reported_and_whether_others_wait(self) -> None:
        for others in (False, True):
            with self.subTest(others=others):
                self.setUp()

                def play(host: Peer, others: bool = others) -> Any:
                    if others:
                        host.call("sleeps_async", 2)
                    host.call("blocks", 3, how="sleep")
                    host.wait_until_begun()
                    reported = self.cancelled_only_with_frames(host, 3, "needs_interruption").needs_interruption
                    self.assertEqual((reported.call, reported.blocks_others), (3, others))
                    host.cancel_out_of_band(3)
                    last = self.cancelled_only_with_frames(host, 3, "failure")
                    if others:
                        host.send(cancel={"call": 2})
                    return last

                last = self.serve(blocks, sleeps_async, play=play)
                self.assertEqual((last.failure.kind, last.interrupted), (Failure.CANCELLED, True))

    def test_a_coroutine_that_awaits_again_and_again_while_it_cleans_up_is_not_reported(self) -> None:
        @tool
        async def cleans_up() -> None:
            try:
                begun.put(None)
                await asyncio.sleep(LONG)
            finally:
                for _ in range(15):
                    time.sleep(0.02)
                    await asyncio.sleep(0)

        def play(host: Peer) -> Any:
            host.call("cleans_up", 1)
            host.wait_until_begun()
            return self.seen_until_the_end(host, 1)

        (last,) = self.serve(cleans_up, play=play)
        self.assertEqual((last.failure.kind, last.interrupted), (Failure.CANCELLED, False))


class ThePatienceWithACancelledCall(unittest.TestCase):
    def test_repetitions_that_are_read_at_once_count_once(self) -> None:
        patience = Patience()
        self.assertFalse(any(patience.is_over() for _ in range(1000)))

    def test_it_is_over_after_five_repetitions(self) -> None:
        patience = Patience()
        over: list[bool] = []
        for _ in range(6):
            over.append(patience.is_over())
            time.sleep(0.02)
        self.assertEqual(over, [False, False, False, False, True, True])


class AnAsyncAdapterThatRunsOneCallAtATime(ConcurrentTestCase):
    capacity = 1

    def test_a_coroutine_gets_some_time_to_reach_an_await_before_it_is_interrupted(self) -> None:
        @tool
        async def computes() -> None:
            begun.put(None)
            time.sleep(0.05)
            await asyncio.sleep(LONG)

        def play(host: Peer) -> Any:
            host.call("computes", 1)
            host.wait_until_begun()
            host.cancel(1)
            while True:
                host.cancel_out_of_band(1)
                time.sleep(0.02)
                if not host.sent.empty():
                    return host.next()

        last = self.serve(computes, play=play)
        self.assertEqual((last.failure.kind, last.interrupted), (Failure.CANCELLED, False))
