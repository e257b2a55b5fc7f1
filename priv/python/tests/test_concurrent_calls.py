"""Tests that several calls run at the same time: synchronous tools in threads, async tools on the event loop."""

from __future__ import annotations

import asyncio
import sys
import threading
import time
from collections.abc import Generator, Iterator
from typing import Any
from unittest import mock

from snakepit_worker import tool
from snakepit_worker.dispatch.concurrent import ConcurrentDispatcher
from snakepit_worker.dispatch.main_loop import MainLoop
from snakepit_worker.dispatch.toolset import Toolset
from snakepit_worker.protocol.frames import Failure, HostFrame

from .concurrent_host import (
    DEADLINE,
    LIMIT,
    LONG,
    ConcurrentTestCase,
    Peer,
    begun,
    blocks,
    counts,
    leaves,
    leaves_async,
    meets,
    sleeps,
    sleeps_async,
)


class CallsAtTheSameTime(ConcurrentTestCase):
    def test_plain_tools_run_in_threads_at_the_same_time(self) -> None:
        def play(host: Peer) -> Any:
            host.call("meets", 1)
            host.call("meets", 2)
            return host.answers(1, 2)

        self.assertEqual(self.serve(meets, play=play), {1: False, 2: False})

    def test_async_tools_run_on_the_main_thread_at_the_same_time(self) -> None:
        event: list[asyncio.Event] = []

        @tool
        async def first() -> bool:
            event.append(asyncio.Event())
            await event[0].wait()
            return threading.current_thread() is threading.main_thread()

        @tool
        async def second() -> None:
            event[0].set()

        def play(host: Peer) -> Any:
            host.call("first", 1)
            host.call("second", 2)
            return host.answers(1, 2)

        self.assertEqual(self.serve(first, second, play=play), {1: True, 2: None})

    def test_calls_run_on_no_more_threads_than_the_capacity_and_none_is_lost(self) -> None:
        @tool
        def thread() -> int:
            time.sleep(0.001)
            return threading.get_ident()

        def play(host: Peer) -> Any:
            for id in range(1, 41):
                host.call("thread", id)
            return host.answers(*range(1, 41))

        threads = set(self.serve(thread, play=play).values())
        self.assertLessEqual(len(threads), self.capacity)

    def test_the_host_is_answered_while_every_tool_is_busy(self) -> None:
        def play(host: Peer) -> Any:
            host.call("blocks", 1, how="sleep")
            host.call("sleeps", 2)
            host.send(ping={"sequence": 1})
            host.send(list_tools={})
            kinds = host.kinds(2)
            host.cancel(1)
            host.cancel(2)
            host.answers(1, 2)
            return kinds

        self.assertEqual(self.serve(blocks, sleeps, play=play), ["pong", "tools"])

    def test_an_idle_worker_whose_loop_is_blocked_does_not_answer_a_ping(self) -> None:
        blocked, released = threading.Event(), threading.Event()

        def block() -> None:
            blocked.set()
            released.wait(DEADLINE)

        @tool
        async def leaves_a_task_behind() -> None:
            asyncio.get_running_loop().call_later(0.05, block)

        def play(host: Peer) -> Any:
            host.call("leaves_a_task_behind", 1)
            host.answers(1)
            blocked.wait(DEADLINE)
            host.send(ping={"sequence": 1})
            host.send(list_tools={})
            before = host.kinds(1)
            released.set()
            return before + host.kinds(1)

        self.assertEqual(self.serve(leaves_a_task_behind, play=play), ["tools", "pong"])

    def test_a_drain_waits_for_the_running_calls(self) -> None:
        def play(host: Peer) -> Any:
            host.call("sleeps", 1, seconds=0.05)
            host.call("sleeps_async", 2, seconds=0.1)
            host.send(drain={})
            return host.kinds(3)

        self.assertEqual(self.serve(sleeps, sleeps_async, play=play), ["result", "result", "drained"])

    def test_an_idle_worker_is_drained_at_once(self) -> None:
        def play(host: Peer) -> Any:
            host.send(drain={})
            return host.kinds(1)

        self.assertEqual(self.serve(play=play), ["drained"])

    def test_the_end_of_the_stream_ends_every_running_call_soon(self) -> None:
        cleaned = []

        @tool
        async def cleans_up() -> None:
            try:
                begun.put(None)
                await asyncio.sleep(LONG)
            finally:
                cleaned.append(True)

        def play(host: Peer) -> Any:
            host.call("sleeps", 1)
            host.call("cleans_up", 2)
            host.call("blocks", 3, how="loop")
            host.send(ping={})
            host.next()
            host.wait_until_begun(3)

        start = time.monotonic()
        self.serve(sleeps, cleans_up, blocks, play=play)
        self.assertLess(time.monotonic() - start, DEADLINE)
        self.assertEqual(cleaned, [True])

    def test_serve_raises_the_error_of_a_broken_stream(self) -> None:
        def frames() -> Iterator[Any]:
            yield HostFrame(ping={})
            raise OSError("broken")

        dispatcher = ConcurrentDispatcher(4, Toolset([], LIMIT), self.interrupts, 2, frames(), self.peer.take)
        with self.assertRaisesRegex(OSError, "broken"):
            dispatcher.serve()

    def test_a_refused_call_is_answered_with_the_reason(self) -> None:
        def play(host: Peer) -> Any:
            host.call("nothing", 1)
            host.call("counts", 2, to=1)
            host.call("sleeps_async", 3, seconds="1")
            host.call("sleeps", 4, seconds="1")
            return [failure.kind for _, failure in sorted(host.answers(1, 2, 3, 4).items())]

        expected = [Failure.UNKNOWN_TOOL, Failure.WRONG_CALL_STYLE, *[Failure.INVALID_ARGUMENTS] * 2]
        self.assertEqual(self.serve(counts, sleeps, sleeps_async, play=play), expected)

    def test_the_worker_goes_on_whatever_a_tool_raises(self) -> None:
        def play(host: Peer) -> Any:
            for how in range(5):
                host.call("leaves", how + 1, how=how)
                host.answers(how + 1)
            for how in range(5):
                host.call("leaves_async", how + 11, how=how)
            return [failure.error.type for _, failure in sorted(host.answers(*range(11, 16)).items())]

        types = self.serve(leaves, leaves_async, play=play)
        self.assertEqual(types[:3], ["SystemExit", "KeyboardInterrupt", "GeneratorExit"])
        self.assertEqual(types[4], "asyncio.exceptions.CancelledError")

    def test_a_task_that_a_tool_left_behind_cannot_end_the_process(self) -> None:
        left: list[asyncio.Task[None]] = []

        @tool
        async def leaves_one_behind() -> None:
            async def exits() -> None:
                raise SystemExit(1)

            left.append(asyncio.get_running_loop().create_task(exits()))

        def play(host: Peer) -> Any:
            host.call("leaves_one_behind", 1)
            host.answers(1)
            host.call("sleeps_async", 2, seconds=0.01)
            return host.answers(2)

        with self.assertLogs("snakepit.worker"):
            self.assertEqual(self.serve(leaves_one_behind, sleeps_async, play=play), {2: "slept"})
        self.assertIsInstance(left[0].exception(), SystemExit)

    def test_what_a_tool_awaits_may_yield_anything_that_raises_when_it_is_described(self) -> None:
        class Hostile:
            def __init__(self, raised: type[BaseException]) -> None:
                self.raised = raised

            def __repr__(self) -> str:
                raise self.raised("hostile")

            def __await__(self) -> Generator[Any, Any, None]:
                yield self

        @tool
        async def awaits(how: int) -> None:
            await Hostile([ValueError, SystemExit, KeyboardInterrupt, GeneratorExit, BaseException][how])

        def play(host: Peer) -> Any:
            for how in range(5):
                host.call("awaits", how + 1, how=how)
            messages = [failure.error.message for _, failure in sorted(host.answers(*range(1, 6)).items())]
            host.call("sleeps_async", 6, seconds=0)
            return messages, host.answers(6)

        with self.assertLogs():
            messages, last = self.serve(awaits, sleeps_async, play=play)
        self.assertIn("ValueError: hostile", messages[0])
        self.assertIn("SystemExit: hostile", messages[1])
        self.assertEqual(len(messages), 5)
        self.assertEqual(last, {6: "slept"})

    def test_a_loop_that_fails_again_and_again_ends_the_worker_with_the_reason(self) -> None:
        main = MainLoop()
        self.addCleanup(main.loop.close)
        with mock.patch.object(main.loop, "run_forever", side_effect=RuntimeError("no clock")), self.assertLogs():
            main.run()
        self.assertEqual(str(main.failure), "no clock")

    def test_many_tasks_that_end_the_loop_do_not_end_the_worker(self) -> None:
        @tool
        async def leaves_many_behind() -> None:
            async def exits() -> None:
                sys.exit(1)

            behind.extend(asyncio.get_running_loop().create_task(exits()) for _ in range(200))

        behind: list[Any] = []

        def play(host: Peer) -> Any:
            host.call("leaves_many_behind", 1)
            host.answers(1)
            host.call("sleeps_async", 2, seconds=0)
            return host.answers(2)

        with self.assertLogs("snakepit.worker"):
            self.assertEqual(self.serve(leaves_many_behind, sleeps_async, play=play), {2: "slept"})
        self.assertTrue(all(isinstance(task.exception(), SystemExit) for task in behind))

    def test_tracebacks_show_only_frames_of_the_tool(self) -> None:
        @tool
        async def fails() -> None:
            raise LookupError("lost")

        def play(host: Peer) -> Any:
            host.call("fails", 1)
            host.call("leaves", 2, how=4)
            return [failure.error.traceback for _, failure in sorted(host.answers(1, 2).items())]

        for trace in self.serve(fails, leaves, play=play):
            self.assertNotIn("snakepit_worker", trace)
            self.assertIn("raise", trace)
