"""Tests plain (synchronous) tools beside async tools, in a worker that runs one call of a plain tool at a time."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from typing import Any

from snakepit_worker import CallCancelled, Context, tool
from snakepit_worker.protocol.frames import Failure

from .concurrent_host import DEADLINE, LONG, ConcurrentTestCase, Peer, begun, sleeps_async


class ACapacityOfOne(ConcurrentTestCase):
    capacity = 1

    def test_plain_tools_beside_async_ones_run_on_the_main_thread_where_a_signal_interrupts_them(self) -> None:
        @tool
        def sleeps_in_c() -> None:
            assert threading.current_thread() is threading.main_thread()
            begun.put(None)
            time.sleep(LONG)

        def play(host: Peer) -> Any:
            host.call("sleeps_in_c", 1)
            host.wait_until_begun()
            host.cancel(1)
            first = host.answers(1)[1].kind
            host.call("sleeps_async", 2, seconds=0)
            return first, host.answers(2)

        expected = Failure.CANCELLED, {2: "slept"}
        self.assertEqual(self.serve(sleeps_in_c, sleeps_async, play=play), expected)

    def test_a_plain_stream_and_a_host_call_wait_on_the_main_thread_too(self) -> None:
        @tool
        def asks(ctx: Context) -> Iterator[Any]:
            yield ctx.host.call("a")
            yield 2

        def play(host: Peer) -> Any:
            host.call("asks", 1, streaming=True, credit=1)
            host.send(ping={})
            seen = sorted(host.kinds(2))  # sorted, because two threads send the pong and the host call
            host.send(host_answer={"id": 1, "value": b"1"})
            seen += host.kinds(1)
            host.send(credit={"call": 1, "chunks": 9})
            return seen, host.kinds(2)

        expected = ["host_call", "pong", "chunk"], ["chunk", "result"]
        self.assertEqual(self.serve(asks, sleeps_async, play=play), expected)

    def test_a_plain_tool_is_interrupted_when_the_host_has_gone(self) -> None:
        @tool
        def sleeps_in_c() -> None:
            begun.put(None)
            time.sleep(LONG)

        def play(host: Peer) -> Any:
            host.call("sleeps_in_c", 1)
            host.wait_until_begun()

        start = time.monotonic()
        self.serve(sleeps_in_c, sleeps_async, play=play)
        self.assertLess(time.monotonic() - start, DEADLINE)

    def test_the_end_of_the_stream_interrupts_a_plain_tool_again_if_it_caught_the_first_interrupt(self) -> None:
        @tool
        def stubborn() -> None:
            begun.put(None)
            try:
                time.sleep(LONG)
            except CallCancelled:
                pass
            time.sleep(LONG)

        def play(host: Peer) -> Any:
            host.call("stubborn", 1)
            host.wait_until_begun()

        start = time.monotonic()
        self.serve(stubborn, sleeps_async, play=play)
        self.assertLess(time.monotonic() - start, DEADLINE)
