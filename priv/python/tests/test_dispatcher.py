"""The dispatcher, fed with frames by hand."""

from __future__ import annotations

import json
import socket
import unittest
from collections.abc import Iterator
from typing import Any

from snakepit_worker import Adapter, Context, tool
from snakepit_worker.cancellation import Interrupts
from snakepit_worker.dispatcher import Dispatcher
from snakepit_worker.protocol import Failure, HostFrame


class _Probe(Adapter):
    def __init__(self) -> None:
        self.closed = False

    @tool
    def double(self, number: int) -> int:
        """Return twice the number."""
        return 2 * number

    @tool
    def who(self, ctx: Context) -> int:
        """Return the call's id."""
        return ctx.call_id

    @tool
    def odd(self) -> set[int]:
        """Return what JSON cannot carry."""
        return {1}

    @tool
    def fail(self) -> None:
        """Raise."""
        raise ValueError("as expected")

    @tool
    def count(self, to: int) -> Iterator[int]:
        """Yield 1 to ``to`` and note the end."""
        try:
            yield from range(1, to + 1)
        finally:
            self.closed = True


class DispatcherTest(unittest.TestCase):
    """Every frame is answered as the protocol says."""

    def setUp(self) -> None:
        host, control = socket.socketpair()
        self.addCleanup(host.close)
        self.addCleanup(control.close)
        self.adapter = _Probe()
        self.dispatcher = Dispatcher(7, self.adapter.tools(), Interrupts(control), max_payload=1000)

    def answers(self, *frames: Any) -> list[Any]:
        sent: list[Any] = []
        self.dispatcher.serve(iter(frames), sent.append)
        return sent

    def failure(self, *frames: Any) -> Any:
        (answer,) = self.answers(*frames)
        return answer.failure

    def test_a_call_is_answered_with_its_result(self) -> None:
        (answer,) = self.answers(call(1, "double", number=21))
        self.assertEqual((1, b"42"), (answer.result.call, answer.result.value))

    def test_the_context_is_given_to_the_tool_and_not_by_its_caller(self) -> None:
        (answer,) = self.answers(call(5, "who"))
        self.assertEqual(b"5", answer.result.value)
        self.assertEqual(Failure.INVALID_ARGUMENTS, self.failure(call(6, "who", ctx=1)).kind)

    def test_every_fault_of_the_arguments_is_named_at_once(self) -> None:
        failure = self.failure(call(1, "double", numbr=1, extra=True))
        self.assertEqual(Failure.INVALID_ARGUMENTS, failure.kind)
        for fault in ("missing 'number'", "unexpected 'numbr'", "unexpected 'extra'", "double(number: int)"):
            self.assertIn(fault, failure.message)

    def test_an_unknown_tool_is_answered_with_those_there_are(self) -> None:
        failure = self.failure(call(1, "doubel"))
        self.assertEqual(Failure.UNKNOWN_TOOL, failure.kind)
        self.assertIn("count, double, fail, odd, who", failure.message)

    def test_the_wrong_style_of_call_runs_nothing(self) -> None:
        self.assertEqual(Failure.WRONG_CALL_STYLE, self.failure(call(1, "count", to=1)).kind)
        self.assertEqual(Failure.WRONG_CALL_STYLE, self.failure(stream(2, "double", credit=1, number=1)).kind)

    def test_what_json_cannot_carry_is_a_failure_of_its_own(self) -> None:
        self.assertEqual(Failure.RESULT_NOT_ENCODABLE, self.failure(call(1, "odd")).kind)

    def test_an_exception_comes_back_without_the_workers_own_frames(self) -> None:
        failure = self.failure(call(1, "fail"))
        self.assertEqual((Failure.RAISED, "ValueError"), (failure.kind, failure.error.type))
        self.assertNotIn("snakepit_worker", failure.error.traceback)
        self.assertIn('raise ValueError("as expected")', failure.error.traceback)

    def test_a_stream_ends_with_an_empty_result(self) -> None:
        answers = self.answers(stream(1, "count", credit=9, to=2))
        self.assertEqual([b"1", b"2"], [answer.chunk.value for answer in answers[:-1]])
        self.assertEqual((1, b""), (answers[-1].result.call, answers[-1].result.value))

    def test_a_stream_without_credit_waits_for_more_and_answers_pings_meanwhile(self) -> None:
        answers = self.answers(
            stream(1, "count", credit=1, to=2),
            HostFrame(ping={"sequence": 9}),
            HostFrame(credit={"call": 99, "chunks": 5}),  # another call's, late
            HostFrame(credit={"call": 1, "chunks": 5}),
        )
        kinds = [answer.WhichOneof("frame") for answer in answers]
        self.assertEqual(["chunk", "pong", "chunk", "result"], kinds)

    def test_a_stream_that_is_cancelled_while_it_waits_closes_its_generator(self) -> None:
        answers = self.answers(stream(1, "count", credit=1, to=9), HostFrame(cancel={"call": 1}))
        self.assertEqual(Failure.CANCELLED, answers[-1].failure.kind)
        self.assertTrue(self.adapter.closed)

    def test_a_host_that_goes_closes_the_generator_and_ends_the_loop(self) -> None:
        self.assertEqual(1, len(self.answers(stream(1, "count", credit=1, to=9))))
        self.assertTrue(self.adapter.closed)

    def test_a_call_that_was_cancelled_before_it_ran_does_not_run(self) -> None:
        self.dispatcher._interrupts.cancel(4)
        self.assertEqual(Failure.CANCELLED, self.failure(call(4, "fail")).kind)

    def test_a_drained_worker_says_so_after_what_it_was_doing(self) -> None:
        answers = self.answers(
            stream(1, "count", credit=1, to=2),
            HostFrame(drain={}),
            HostFrame(credit={"call": 1, "chunks": 5}),
        )
        self.assertEqual(["chunk", "chunk", "result", "drained"], [answer.WhichOneof("frame") for answer in answers])

    def test_tools_are_described_with_their_signatures(self) -> None:
        (answer,) = self.answers(HostFrame(list_tools={}))
        described = {found.name: found for found in answer.tools.tools}
        self.assertEqual("Return twice the number.", described["double"].description)
        self.assertEqual(
            [("number", "int", True)], [(p.name, p.type, p.required) for p in described["double"].parameters]
        )
        self.assertTrue(described["count"].streaming)
        self.assertEqual([], list(described["who"].parameters))


def call(identity: int, name: str, /, **arguments: Any) -> Any:
    """Return the frame of a call for one result."""
    return HostFrame(call={"id": identity, "tool": name, "arguments": json.dumps(arguments).encode()})


def stream(identity: int, name: str, /, *, credit: int, **arguments: Any) -> Any:
    """Return the frame of a streaming call."""
    frame = call(identity, name, **arguments)
    frame.call.streaming = True
    frame.call.credit = credit
    return frame
