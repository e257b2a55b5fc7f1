"""Tests streams in a worker that runs one call at a time."""

from __future__ import annotations

import functools
import sys
import threading
import time
from collections.abc import Callable, Iterator
from typing import Any

from snakepit_worker import tool
from snakepit_worker.protocol.frames import Failure, HostFrame

from .interrupts_host import Host
from .sequential_host import LIMIT, Count, DispatcherTestCase, call, credit


class Streams(DispatcherTestCase):
    def test_a_stream_is_answered_with_its_chunks_and_an_empty_result(self) -> None:
        self.serve(Count().count, frames=[call("count", streaming=True, credit=10, to=3)])
        self.assertEqual((self.chunks(), self.kinds()[-1], self.sent[-1].result.value), ([0, 1, 2], "result", b""))

    def test_a_stream_stops_when_its_credit_is_used_up_and_goes_on_with_more(self) -> None:
        seen = []

        def frames() -> Iterator[Any]:
            yield call("count", streaming=True, credit=2, to=5)
            seen.append(self.chunks())
            yield credit(1)
            seen.append(self.chunks())
            yield credit(9)

        self.serve(Count().count, frames=frames())
        self.assertEqual(seen, [[0, 1], [0, 1, 2]])
        self.assertEqual(self.chunks(), [0, 1, 2, 3, 4])
        self.assertEqual(self.kinds()[-1], "result")

    def test_a_stream_without_any_credit_waits_before_its_first_chunk(self) -> None:
        def frames() -> Iterator[Any]:
            yield call("count", streaming=True, to=1)
            self.assertEqual(self.sent, [])
            yield credit(2)

        self.serve(Count().count, frames=frames())
        self.assertEqual(self.kinds(), ["chunk", "result"])

    def test_credit_for_another_call_does_not_count(self) -> None:
        self.serve(Count().count, frames=[call("count", streaming=True, credit=1, to=9), credit(100, call=77)])
        self.assertEqual(self.chunks(), [0])

    def test_a_ping_is_answered_while_a_stream_waits_for_credit(self) -> None:
        frames = [call("count", streaming=True, credit=1, to=2), HostFrame(ping={"sequence": 1}), credit(9)]
        self.serve(Count().count, frames=frames)
        self.assertEqual(self.kinds(), ["chunk", "pong", "chunk", "result"])

    def test_a_drain_waits_for_the_end_of_a_stream_that_waits_for_credit(self) -> None:
        frames = [call("count", streaming=True, credit=1, to=2), HostFrame(drain={}), credit(9)]
        self.serve(Count().count, frames=frames)
        self.assertEqual(self.kinds(), ["chunk", "chunk", "result", "drained"])

    def test_a_stream_that_is_cancelled_while_it_waits_for_credit_is_closed(self) -> None:
        stream = Count()
        frames = [
            call("count", streaming=True, credit=1),
            HostFrame(cancel={"call": 1}),
            HostFrame(ping={"sequence": 1}),
        ]
        self.serve(stream.count, frames=frames)
        self.assertEqual(self.kinds(), ["chunk", "failure", "pong"])
        self.assertEqual(self.sent[1].failure.kind, Failure.CANCELLED)
        self.assertTrue(stream.closed)

    def test_a_cancel_of_another_call_does_not_end_a_stream(self) -> None:
        frames = [call("count", id=2, streaming=True, credit=1, to=2), HostFrame(cancel={"call": 1}), credit(9, call=2)]
        self.serve(Count().count, frames=frames)
        self.assertEqual(self.kinds(), ["chunk", "chunk", "result"])

    def test_a_stream_whose_host_has_gone_is_closed_and_sends_no_answer(self) -> None:
        stream = Count()
        self.serve(stream.count, frames=[call("count", streaming=True, credit=1)])
        self.assertEqual(self.kinds(), ["chunk"])
        self.assertTrue(stream.closed)

    def test_a_stream_whose_host_has_gone_may_raise_while_it_is_closed(self) -> None:
        for cleanup in (lambda: 1 // 0, sys.exit):
            with self.assertLogs("snakepit.worker"):
                self.serve(Count(cleanup).count, frames=[call("count", streaming=True, credit=1)])
        self.assertEqual(self.kinds(), ["chunk", "chunk"])

    def test_an_exception_ends_a_stream_after_the_chunks_before_it(self) -> None:
        @tool
        def breaks() -> Iterator[int]:
            yield 1
            raise LookupError("lost")

        failure = self.failure(breaks, frames=[call("breaks", streaming=True, credit=9)])
        self.assertEqual((self.chunks(), failure.kind, failure.error.type), ([1], Failure.RAISED, "LookupError"))
        self.assertNotIn("snakepit_worker", failure.error.traceback)

    def test_an_error_while_a_generator_is_closed_is_logged_and_the_first_error_is_the_answer(self) -> None:
        @tool
        def too_large() -> Iterator[str]:
            try:
                yield "x" * 2 * LIMIT
            finally:
                raise LookupError("no way to clean up")

        with self.assertLogs("snakepit.worker") as logged:
            failure = self.failure(too_large, frames=[call("too_large", streaming=True, credit=1)])
        self.assertEqual(failure.kind, Failure.RESULT_TOO_LARGE)
        self.assertIn("no way to clean up", logged.output[0])

    def test_a_chunk_that_json_cannot_carry_ends_and_closes_its_stream(self) -> None:
        stream = Count()

        @tool
        def objects() -> Iterator[Any]:
            for _ in stream.count(3):
                yield object()

        failure = self.failure(objects, frames=[call("objects", streaming=True, credit=9)])
        self.assertEqual((failure.kind, self.kinds()), (Failure.RESULT_NOT_ENCODABLE, ["failure"]))
        self.assertTrue(stream.closed)

    def test_a_generator_that_yields_while_it_is_closed_is_logged(self) -> None:
        @tool
        def never_ends() -> Iterator[int]:
            while True:
                try:
                    yield 1
                except GeneratorExit:
                    yield 2

        frames = [call("never_ends", streaming=True, credit=1), HostFrame(cancel={"call": 1})]
        with self.assertLogs("snakepit.worker"):
            self.assertEqual(self.failure(never_ends, frames=frames).kind, Failure.CANCELLED)

    def test_a_stream_whose_function_raises_at_the_call_fails_like_any_other(self) -> None:
        def only_positional(function: Callable[..., Any]) -> Callable[..., Any]:
            @functools.wraps(function)
            def wrapper(*values: Any) -> Iterator[Any]:
                yield from function(*values)

            return wrapper

        @tool
        @only_positional
        def wrapped(to: int) -> Iterator[int]:
            yield to

        failure = self.failure(wrapped, frames=[call("wrapped", streaming=True, credit=1, to=1)])
        self.assertEqual((failure.kind, failure.error.type), (Failure.RAISED, "TypeError"))

    def test_a_stream_that_is_cancelled_while_it_makes_a_chunk_ends_as_cancelled(self) -> None:
        cleaned = threading.Event()

        @tool
        def sleeps() -> Iterator[int]:
            try:
                yield 1
                host.begin.set()
                time.sleep(30)
            finally:
                cleaned.set()

        with Host(self.host, 1) as host:
            failure = self.failure(sleeps, frames=[call("sleeps", streaming=True, credit=9)])
        self.assertEqual((self.chunks(), failure.kind, cleaned.is_set()), ([1], Failure.CANCELLED, True))
