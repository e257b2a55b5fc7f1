"""Tests the cancellation of calls while other calls run in the same worker."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from typing import Any

from snakepit_worker import CallCancelled, Context, tool
from snakepit_worker.protocol.frames import Failure
from snakepit_worker.tools.tool import Tool

from .concurrent_host import LONG, ConcurrentTestCase, Peer, begun, blocks, leaves, sleeps, sleeps_async


class CancelledCalls(ConcurrentTestCase):
    def cancelled(self, name: str, **given: Any) -> Callable[[Peer], Any]:
        def play(host: Peer) -> Any:
            host.call(name, 1, streaming=name == "in_a_stream", credit=1, **given)
            host.call("sleeps_async", 2, seconds=0.3)
            host.wait_until_begun()
            start = time.monotonic()
            host.cancel(1)
            answers = host.answers(1)
            took = time.monotonic() - start
            if 2 not in answers:
                answers |= host.answers(2)
            self.assertEqual(answers[2], "slept")
            return answers[1].kind, took

        return play

    def check(self, *tools: Callable[..., Any], **given: Any) -> None:
        kind, took = self.serve(*tools, sleeps_async, play=self.cancelled(Tool(tools[0]).name, **given))
        self.assertEqual(kind, Failure.CANCELLED)
        self.assertLess(took, 2)

    def test_a_loop_in_a_thread_is_cancelled(self) -> None:
        self.check(sleeps)

    def test_a_waiting_coroutine_is_cancelled(self) -> None:
        @tool
        async def waits() -> None:
            begun.put(None)
            await asyncio.sleep(LONG)

        self.check(waits)

    def test_a_coroutine_that_blocks_the_loop_is_cancelled(self) -> None:
        for how in ("sleep", "loop"):
            with self.subTest(how):
                self.setUp()
                self.check(blocks, how=how)

    def test_code_that_cleans_up_is_not_interrupted(self) -> None:
        done: list[str] = []

        @tool
        def in_a_thread() -> None:
            try:
                sleeps()
            finally:
                sleeps(0.3)
                done.append("thread")

        @tool
        async def in_a_task() -> None:
            try:
                begun.put(None)
                await asyncio.sleep(LONG)
            finally:
                await asyncio.sleep(0.1)
                time.sleep(0.1)
                done.append("task")

        @tool
        async def in_a_blocking_task() -> None:
            try:
                begun.put(None)
                time.sleep(LONG)
            finally:
                await asyncio.sleep(0.1)
                time.sleep(0.1)
                done.append("blocking task")

        @tool
        async def in_a_stream(ctx: Context) -> AsyncIterator[int]:
            try:
                begun.put(None)
                yield 1
            finally:
                time.sleep(0.1)
                done.append("stream")

        for function in (in_a_thread, in_a_task, in_a_blocking_task, in_a_stream):
            with self.subTest(function.__name__):
                self.setUp()
                self.check(function)
        self.assertEqual(done, ["thread", "task", "blocking task", "stream"])

    def test_a_cancellation_that_a_tool_in_a_thread_caught_is_raised_again(self) -> None:
        @tool
        def stubborn() -> None:
            try:
                sleeps()
            except CallCancelled:
                pass
            sleeps()

        self.check(stubborn)

    def test_a_call_that_is_cancelled_while_it_waits_for_a_thread_never_runs(self) -> None:
        def play(host: Peer) -> Any:
            for id in range(1, self.capacity + 1):
                host.call("sleeps", id)
            host.call("leaves", 9, how=0)
            host.cancel(9)
            host.wait_until_read()  # the cancellations below, on the control socket, might overtake these frames
            for id in range(1, self.capacity + 1):
                host.cancel(id)
            return {failure.kind for failure in host.answers(*range(1, self.capacity + 1), 9).values()}

        self.assertEqual(self.serve(sleeps, leaves, play=play), {Failure.CANCELLED})
