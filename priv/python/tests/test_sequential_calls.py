"""Tests calls that a worker runs one after another, and the frames that it answers between calls."""

from __future__ import annotations

import struct
import time
from typing import Any

from snakepit_worker import CallCancelled, Context, tool
from snakepit_worker.protocol.frames import Failure, HostFrame

from .sequential_host import LIMIT, Count, DispatcherTestCase, add, call, credit, fails


class UnaryCalls(DispatcherTestCase):
    def test_a_call_is_answered_with_its_result(self) -> None:
        (answer,) = self.serve(add, frames=[call("add", id=9, a=2, b=3)])
        self.assertEqual((answer.result.call, answer.result.value), (9, b"5.0"))

    def test_calls_are_answered_in_their_order(self) -> None:
        self.serve(
            add, fails, frames=[call("add", a=1, b=1), call("fails", id=2, message=""), call("add", id=3, a=1, b=2)]
        )
        self.assertEqual(self.kinds(), ["result", "failure", "result"])

    def test_the_context_tells_the_worker_the_call_and_the_remaining_time(self) -> None:
        @tool
        def about(ctx: Context) -> list[Any]:
            return [ctx.worker, ctx.call_id, 0 < (ctx.remaining or 0) <= 0.5]

        self.assertEqual(self.serve(about, frames=[call("about", id=8)])[0].result.value, b"[4,8,true]")

    def test_an_unknown_tool_is_refused_with_the_names_of_the_tools(self) -> None:
        failure = self.failure(add, fails, frames=[call("ad", a=1)])
        self.assertEqual(failure.kind, Failure.UNKNOWN_TOOL)
        self.assertEqual(failure.message, "there is no tool 'ad'; the adapter has add, fails")

    def test_wrong_arguments_are_refused_before_any_user_code_runs(self) -> None:
        failure = self.failure(add, frames=[call("add", a="1")])
        self.assertEqual(failure.kind, Failure.INVALID_ARGUMENTS)
        self.assertEqual(failure.message, "add(a: float, b: float): missing 'b'; 'a' must be float, got str ('1')")

    def test_arguments_that_are_not_a_json_object_are_refused(self) -> None:
        for encoded in (b"[1]", b"{", b"\xff", b'{"a":NaN,"b":1}', b'{"a":' + b"[" * 100_000):
            with self.subTest(encoded[:10]):
                failure = self.failure(add, frames=[HostFrame(call={"id": 1, "tool": "add", "arguments": encoded})])
                self.assertEqual(failure.kind, Failure.INVALID_ARGUMENTS)

    def test_an_exception_of_a_tool_is_sent_as_data(self) -> None:
        failure = self.failure(fails, frames=[call("fails", message="not today")])
        self.assertEqual((failure.kind, failure.message), (Failure.RAISED, "tool 'fails' raised ValueError: not today"))
        self.assertEqual((failure.error.type, failure.error.message), ("ValueError", "not today"))
        self.assertIn("raise ValueError(message)", failure.error.traceback)
        self.assertNotIn("snakepit_worker", failure.error.traceback)
        self.assertEqual(failure.error.attributes, b"{}")

    def test_the_worker_goes_on_whatever_a_tool_raises(self) -> None:
        @tool
        def leaves(how: int) -> None:
            raise [SystemExit(3), KeyboardInterrupt(), GeneratorExit(), StopIteration(1), CallCancelled("mine")][how]

        frames = [call("leaves", id=1 + how, how=how) for how in range(5)]
        self.assertEqual([frame.failure.kind for frame in self.serve(leaves, frames=frames)], [Failure.RAISED] * 5)

    def test_a_result_that_json_cannot_carry_is_refused(self) -> None:
        @tool
        def returns_an_object() -> Any:
            return object()

        failure = self.failure(returns_an_object, frames=[call("returns_an_object")])
        self.assertEqual(failure.kind, Failure.RESULT_NOT_ENCODABLE)
        self.assertIn("a value of type object", failure.message)

    def test_a_result_over_the_limit_is_refused_and_one_at_the_limit_is_not(self) -> None:
        @tool
        def sized(count: int) -> str:
            return "x" * (count - 2)

        self.serve(sized, frames=[call("sized", count=LIMIT), call("sized", count=LIMIT + 1)])
        self.assertEqual(self.kinds(), ["result", "failure"])
        self.assertEqual(self.sent[1].failure.kind, Failure.RESULT_TOO_LARGE)

    def test_a_failure_fits_into_a_frame_however_much_the_exception_holds(self) -> None:
        @tool
        def overflows() -> None:
            error = ValueError("漢" * 1_000_000)
            error.data = "x" * 1_000_000  # type: ignore[attr-defined]
            raise error

        (answer,) = self.serve(overflows, frames=[call("overflows")])
        self.assertLess(answer.ByteSize(), LIMIT + 64 * 1024)

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
        def everything(a: int, b: Any = b"bytes", c: str | None = None, **rest: float) -> list[int]:
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

    def test_a_cancel_or_credit_for_a_call_that_has_ended_has_no_effect(self) -> None:
        self.serve(
            add, frames=[call("add", a=1, b=1), HostFrame(cancel={"call": 1}), credit(5), call("add", id=2, a=1, b=1)]
        )
        self.assertEqual(self.kinds(), ["result", "result"])

    def test_a_worker_reports_that_it_is_drained_after_it_has_answered_everything(self) -> None:
        self.serve(add, frames=[call("add", a=1, b=1), HostFrame(drain={})])
        self.assertEqual(self.kinds(), ["result", "drained"])

    def test_a_frame_of_a_later_protocol_is_ignored(self) -> None:
        self.assertEqual(self.serve(frames=[HostFrame()]), [])
