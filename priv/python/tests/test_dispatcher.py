"""The dispatcher, with frames from a list and answers into one. No transport takes part."""

from __future__ import annotations

import functools
import json
import signal
import socket
import struct
import sys
import threading
import time
import unittest
from collections.abc import Callable, Iterator
from typing import Any

from snakepit_worker import CallCancelled, Context, tool
from snakepit_worker.interrupts.main_thread import MainThreadInterrupts
from snakepit_worker.dispatch.sequential import SequentialDispatcher
from snakepit_worker.dispatch.toolset import Toolset
from snakepit_worker.protocol.frames import Failure, HostFrame
from snakepit_worker.tools.tool import Tool

_LIMIT = 1024


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
        """Serve frames and return what was sent."""
        toolset = Toolset(list(map(Tool, tools)), _LIMIT)
        SequentialDispatcher(4, toolset, self.interrupts, iter(frames), self.sent.append).serve()
        return self.sent

    def kinds(self) -> list[str]:
        return [frame.WhichOneof("frame") for frame in self.sent]

    def chunks(self) -> list[Any]:
        return [json.loads(frame.chunk.value) for frame in self.sent if frame.HasField("chunk")]

    def failure(self, *tools: Callable[..., Any], frames: list[Any]) -> Any:
        """Serve frames that end in a failure and return it."""
        last = self.serve(*tools, frames=frames)[-1]
        self.assertEqual(last.WhichOneof("frame"), "failure")
        return last.failure


def call(name: str, *, id: int = 1, streaming: bool = False, credit: int = 0, **arguments: Any) -> Any:
    encoded = json.dumps(arguments).encode() if arguments else b""
    return HostFrame(
        call={"id": id, "tool": name, "arguments": encoded, "streaming": streaming, "credit": credit, "timeout_ms": 500}
    )


def credit(chunks: int, call: int = 1) -> Any:
    return HostFrame(credit={"call": call, "chunks": chunks})


@tool
def add(a: float, b: float) -> float:
    return a + b


@tool
def fails(message: str) -> None:
    raise ValueError(message)


class Count:
    """A stream that tells whether it has been closed."""

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


class UnaryCalls(DispatcherTestCase):
    def test_a_call_is_answered_with_its_result(self) -> None:
        (answer,) = self.serve(add, frames=[call("add", id=9, a=2, b=3)])
        self.assertEqual((answer.result.call, answer.result.value), (9, b"5"))

    def test_calls_are_answered_in_their_order(self) -> None:
        self.serve(
            add, fails, frames=[call("add", a=1, b=1), call("fails", id=2, message=""), call("add", id=3, a=1, b=2)]
        )
        self.assertEqual(self.kinds(), ["result", "failure", "result"])

    def test_a_tool_sees_its_worker_its_call_and_what_time_remains(self) -> None:
        @tool
        def about(ctx: Context) -> list[Any]:
            return [ctx.worker, ctx.call_id, 0 < (ctx.remaining or 0) <= 0.5]

        self.assertEqual(self.serve(about, frames=[call("about", id=8)])[0].result.value, b"[4,8,true]")

    def test_an_unknown_tool_is_refused_with_the_names_there_are(self) -> None:
        failure = self.failure(add, fails, frames=[call("ad", a=1)])
        self.assertEqual(failure.kind, Failure.UNKNOWN_TOOL)
        self.assertEqual(failure.message, "there is no tool 'ad'; the adapter has add, fails")

    def test_wrong_arguments_are_refused_before_any_user_code_runs(self) -> None:
        failure = self.failure(add, frames=[call("add", a="1")])
        self.assertEqual(failure.kind, Failure.INVALID_ARGUMENTS)
        self.assertEqual(failure.message, "add(a: float, b: float): missing 'b'; 'a' must be float, got str ('1')")

    def test_arguments_that_are_no_json_object_are_refused(self) -> None:
        for encoded in (b"[1]", b"{", b"\xff", b'{"a":NaN,"b":1}', b'{"a":' + b"[" * 100_000):
            with self.subTest(encoded[:10]):
                failure = self.failure(add, frames=[HostFrame(call={"id": 1, "tool": "add", "arguments": encoded})])
                self.assertEqual(failure.kind, Failure.INVALID_ARGUMENTS)

    def test_what_a_tool_raises_comes_back_as_data(self) -> None:
        failure = self.failure(fails, frames=[call("fails", message="not today")])
        self.assertEqual((failure.kind, failure.message), (Failure.RAISED, "tool 'fails' raised ValueError: not today"))
        self.assertEqual((failure.error.type, failure.error.message), ("ValueError", "not today"))
        self.assertIn("raise ValueError(message)", failure.error.traceback)
        self.assertNotIn("snakepit_worker", failure.error.traceback)
        self.assertEqual(failure.error.attributes, b"{}")

    def test_whatever_a_tool_raises_its_worker_goes_on(self) -> None:
        @tool
        def leaves(how: int) -> None:
            raise [SystemExit(3), KeyboardInterrupt(), GeneratorExit(), StopIteration(1), CallCancelled("mine")][how]

        frames = [call("leaves", id=1 + how, how=how) for how in range(5)]
        self.assertEqual([frame.failure.kind for frame in self.serve(leaves, frames=frames)], [Failure.RAISED] * 5)

    def test_a_result_that_json_cannot_carry_is_refused(self) -> None:
        @tool
        def returns_a_set() -> Any:
            return {1}

        failure = self.failure(returns_a_set, frames=[call("returns_a_set")])
        self.assertEqual(failure.kind, Failure.RESULT_NOT_ENCODABLE)
        self.assertIn("a value of type set", failure.message)

    def test_a_result_over_the_limit_is_refused_and_one_at_the_limit_is_not(self) -> None:
        @tool
        def sized(count: int) -> str:
            return "x" * (count - 2)

        self.serve(sized, frames=[call("sized", count=_LIMIT), call("sized", count=_LIMIT + 1)])
        self.assertEqual(self.kinds(), ["result", "failure"])
        self.assertEqual(self.sent[1].failure.kind, Failure.RESULT_TOO_LARGE)

    def test_a_failure_fits_into_a_frame_however_much_the_exception_holds(self) -> None:
        @tool
        def overflows() -> None:
            error = ValueError("漢" * 1_000_000)
            error.data = "x" * 1_000_000  # type: ignore[attr-defined]
            raise error

        (answer,) = self.serve(overflows, frames=[call("overflows")])
        self.assertLess(answer.ByteSize(), _LIMIT + 64 * 1024)

    def test_a_stream_called_for_one_result_is_refused_and_the_other_way_round(self) -> None:
        for tools, frame in [((Count().count,), call("count")), ((add,), call("add", streaming=True))]:
            with self.subTest(frame.call.tool):
                self.assertEqual(self.failure(*tools, frames=[frame]).kind, Failure.WRONG_CALL_STYLE)

    def test_a_call_that_was_cancelled_before_it_ran_does_not_run(self) -> None:
        self.host.send(struct.pack("<Q", 1))
        self.assertEqual(self.failure(fails, frames=[call("fails", message="ran")]).kind, Failure.CANCELLED)

    def test_a_call_that_is_cancelled_while_it_runs_ends_as_cancelled(self) -> None:
        @tool
        def sleeps() -> None:
            self.host.send(struct.pack("<Q", 1))
            time.sleep(30)

        self.assertEqual(self.failure(sleeps, frames=[call("sleeps")]).kind, Failure.CANCELLED)


class BetweenCalls(DispatcherTestCase):
    def test_a_ping_is_answered_with_its_sequence(self) -> None:
        (answer,) = self.serve(frames=[HostFrame(ping={"sequence": 7})])
        self.assertEqual(answer.pong.sequence, 7)

    def test_the_tools_are_listed_with_their_parameters(self) -> None:
        @tool
        def everything(a: int, b: Any = frozenset(), c: str | None = None, **rest: float) -> list[int]:
            """Do it."""
            return []

        (answer,) = self.serve(everything, Count().count, frames=[HostFrame(list_tools={})])
        listed, stream = answer.tools.tools
        self.assertEqual((listed.name, listed.description, listed.returns), ("everything", "Do it.", "list[int]"))
        self.assertEqual((listed.streaming, stream.streaming), (False, True))
        self.assertEqual(
            [(p.name, p.type, p.required, p.default_value, p.collects_rest) for p in listed.parameters],
            [
                ("a", "int", True, b"", False),
                ("b", "Any", False, b"", False),
                ("c", "str | None", False, b"null", False),
                ("rest", "float", False, b"", True),
            ],
        )

    def test_a_late_cancel_or_credit_means_nothing(self) -> None:
        self.serve(
            add, frames=[call("add", a=1, b=1), HostFrame(cancel={"call": 1}), credit(5), call("add", id=2, a=1, b=1)]
        )
        self.assertEqual(self.kinds(), ["result", "result"])

    def test_a_drained_worker_says_so_once_it_has_answered_everything(self) -> None:
        self.serve(add, frames=[call("add", a=1, b=1), HostFrame(drain={})])
        self.assertEqual(self.kinds(), ["result", "drained"])

    def test_a_frame_of_a_later_protocol_is_ignored(self) -> None:
        self.assertEqual(self.serve(frames=[HostFrame()]), [])


class Streams(DispatcherTestCase):
    def test_a_stream_is_its_chunks_and_an_empty_result(self) -> None:
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

    def test_a_stream_whose_host_is_gone_is_closed_and_answers_nothing(self) -> None:
        stream = Count()
        self.serve(stream.count, frames=[call("count", streaming=True, credit=1)])
        self.assertEqual(self.kinds(), ["chunk"])
        self.assertTrue(stream.closed)

    def test_a_stream_whose_host_is_gone_may_fail_to_clean_up(self) -> None:
        for cleanup in (lambda: 1 // 0, sys.exit):
            with self.assertLogs("snakepit.worker"):
                self.serve(Count(cleanup).count, frames=[call("count", streaming=True, credit=1)])
        self.assertEqual(self.kinds(), ["chunk", "chunk"])

    def test_what_a_stream_raises_ends_it_after_its_chunks(self) -> None:
        @tool
        def breaks() -> Iterator[int]:
            yield 1
            raise LookupError("lost")

        failure = self.failure(breaks, frames=[call("breaks", streaming=True, credit=9)])
        self.assertEqual((self.chunks(), failure.kind, failure.error.type), ([1], Failure.RAISED, "LookupError"))
        self.assertNotIn("snakepit_worker", failure.error.traceback)

    def test_what_a_generator_raises_while_it_is_closed_is_logged_and_the_first_fault_counts(self) -> None:
        @tool
        def too_large() -> Iterator[str]:
            try:
                yield "x" * 2 * _LIMIT
            finally:
                raise LookupError("no way to clean up")

        with self.assertLogs("snakepit.worker") as logged:
            failure = self.failure(too_large, frames=[call("too_large", streaming=True, credit=1)])
        self.assertEqual(failure.kind, Failure.RESULT_TOO_LARGE)
        self.assertIn("no way to clean up", logged.output[0])

    def test_a_chunk_that_json_cannot_carry_ends_and_closes_its_stream(self) -> None:
        stream = Count()

        @tool
        def sets() -> Iterator[Any]:
            for number in stream.count(3):
                yield {number}

        failure = self.failure(sets, frames=[call("sets", streaming=True, credit=9)])
        self.assertEqual((failure.kind, self.kinds()), (Failure.RESULT_NOT_ENCODABLE, ["failure"]))
        self.assertTrue(stream.closed)

    def test_a_generator_that_yields_while_it_is_closed_is_told(self) -> None:
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

    def test_a_stream_whose_function_cannot_be_called_fails_like_any_other(self) -> None:
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

    def test_a_stream_that_is_cancelled_while_it_produces_ends_as_cancelled(self) -> None:
        cleaned = threading.Event()

        @tool
        def sleeps() -> Iterator[int]:
            try:
                yield 1
                self.host.send(struct.pack("<Q", 1))
                time.sleep(30)
            finally:
                cleaned.set()

        failure = self.failure(sleeps, frames=[call("sleeps", streaming=True, credit=9)])
        self.assertEqual((self.chunks(), failure.kind, cleaned.is_set()), ([1], Failure.CANCELLED, True))
