"""Tests host calls (calls of the .NET program's functions) from plain (synchronous) tools."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from typing import Any

from snakepit_worker import CallCancelled, Context, HostToolError, tool
from snakepit_worker.protocol.frames import Failure, HostFrame

from .sequential_host import LIMIT, DispatcherTestCase, answer, call


@tool
def asks(ctx: Context) -> Any:
    return ctx.host.call("look_up", key="a", tool="b", self="c")


class HostCalls(DispatcherTestCase):
    def test_a_host_call_names_its_call_and_returns_the_answer(self) -> None:
        self.serve(asks, frames=[call("asks", id=7), answer(1, b'{"found":[1]}')])
        asked = self.sent[0].host_call
        self.assertEqual((asked.id, asked.call, asked.tool), (1, 7, "look_up"))
        self.assertEqual(asked.arguments, b'{"key":"a","tool":"b","self":"c"}')
        self.assertEqual(self.sent[1].result.value, b'{"found":[1]}')

    def test_no_arguments_are_sent_as_no_bytes_and_an_empty_answer_is_none(self) -> None:
        @tool
        def tells(ctx: Context) -> Any:
            return [ctx.host.call("now"), ctx.host.call("now")]

        self.serve(tells, frames=[call("tells"), answer(1, b""), answer(2, b"5")])
        self.assertEqual([frame.host_call.arguments for frame in self.sent[:2]], [b"", b""])
        self.assertEqual(self.sent[2].result.value, b"[null,5]")

    def test_an_error_of_the_host_is_raised(self) -> None:
        @tool
        def tries(ctx: Context) -> Any:
            try:
                ctx.host.call("look_up")
            except HostToolError as error:
                return [error.tool, error.type, error.message, str(error)]

        self.serve(tries, frames=[call("tries"), answer(1, type="KeyNotFoundException", message="no a")])
        expected = (
            b'["look_up","KeyNotFoundException","no a","host tool \'look_up\' failed with KeyNotFoundException: no a"]'
        )
        self.assertEqual(self.sent[1].result.value, expected)

    def test_an_error_of_the_host_that_is_not_caught_fails_the_call(self) -> None:
        self.serve(asks, frames=[call("asks"), answer(1, type="InvalidOperationException", message="no")])
        failure = self.sent[1].failure
        self.assertEqual((failure.kind, failure.error.type), (Failure.RAISED, "snakepit_worker.HostToolError"))
        self.assertEqual(
            failure.error.attributes, b'{"tool":"look_up","type":"InvalidOperationException","message":"no"}'
        )

    def test_a_name_or_arguments_that_cannot_be_sent_are_refused(self) -> None:
        refused: list[str] = []

        @tool
        def sends(ctx: Context) -> None:
            for name, value in [("a", len), ("a", "x" * LIMIT), ("x" * 2000, 1), (5, 1), ("a", b"x" * LIMIT)]:
                try:
                    ctx.host.call(name, value=value)  # type: ignore[arg-type]
                except (TypeError, ValueError) as error:
                    refused.append(str(error))

        self.assertEqual(self.served_kinds(sends, frames=[call("sends")]), ["result"])
        parts = [
            "pass None, bool",
            "1,036 bytes, over the limit of 1,024",
            "may have 1,024 bytes",
            "not a int",
            "over the limit",
        ]
        for message, part in zip(refused, parts, strict=True):
            self.assertIn(part, message)

    def test_other_frames_are_served_while_a_call_waits_for_the_host(self) -> None:
        frames = [
            call("asks"),
            HostFrame(ping={"sequence": 1}),
            answer(99),
            HostFrame(list_tools={}),
            HostFrame(cancel={"call": 99}),
            HostFrame(drain={}),
            answer(1),
            answer(1),
        ]
        self.assertEqual(self.served_kinds(asks, frames=frames), ["host_call", "pong", "tools", "result", "drained"])

    def test_a_stream_keeps_the_credit_that_arrives_while_it_waits_for_the_host(self) -> None:
        @tool
        def pages(ctx: Context) -> Iterator[Any]:
            for page in range(3):
                yield ctx.host.call("page", number=page)

        more = HostFrame(credit={"call": 1, "chunks": 3})
        frames = [call("pages", streaming=True, credit=1), more, answer(1, b"1"), answer(2, b"2"), answer(3, b"3")]
        kinds = self.served_kinds(pages, frames=frames)
        self.assertEqual(kinds, ["host_call", "chunk"] * 3 + ["result"])

    def test_a_cancelled_call_stops_waiting_and_withdraws_its_host_call(self) -> None:
        seen: list[Any] = []

        @tool
        def cleans_up(ctx: Context) -> None:
            try:
                ctx.host.call("first")
            finally:
                seen.append(ctx.cancelled)
                try:
                    ctx.host.call("second")
                except CallCancelled:
                    seen.append("at once")
                    raise

        frames = [call("cleans_up"), HostFrame(cancel={"call": 1}), HostFrame(ping={})]
        self.assertEqual(self.served_kinds(cleans_up, frames=frames), ["host_call", "host_cancel", "failure", "pong"])
        self.assertEqual((seen, self.sent[2].failure.kind), ([True, "at once"], Failure.CANCELLED))
        self.assertEqual(self.sent[1].host_cancel.id, self.sent[0].host_call.id)

    def test_a_cancellation_by_signal_ends_the_wait_for_the_host_only_between_frames(self) -> None:
        def frames() -> Iterator[Any]:
            yield call("asks")
            self.cancel()  # raises nothing, because a call that waits for a frame is not interrupted
            yield answer(1)

        self.assertIn(
            self.served_kinds(asks, frames=frames()),
            [["host_call", "failure"], ["host_call", "host_cancel", "failure"]],
        )
        self.assertEqual(self.sent[-1].failure.kind, Failure.CANCELLED)

    def test_a_cancelled_stream_that_calls_the_host_while_it_is_closed_does_not_hang(self) -> None:
        @tool
        def pages(ctx: Context) -> Iterator[Any]:
            try:
                yield 1
            finally:
                ctx.host.call("goodbye")

        frames = [call("pages", streaming=True, credit=1), HostFrame(cancel={"call": 1})]
        with self.assertNoLogs("snakepit.worker"):
            self.assertEqual(self.served_kinds(pages, frames=frames), ["chunk", "failure"])

    def test_a_stream_that_failed_may_still_call_the_host_while_it_is_closed(self) -> None:
        @tool
        def pages(ctx: Context) -> Iterator[Any]:
            try:
                yield object()
            finally:
                ctx.host.call("goodbye")

        kinds = self.served_kinds(pages, frames=[call("pages", streaming=True, credit=9), answer(1)])
        self.assertEqual(kinds, ["host_call", "failure"])

    def test_the_end_of_the_stream_ends_the_wait_of_a_tool_that_catches_every_exception(self) -> None:
        reached = []

        @tool
        def stubborn(ctx: Context) -> None:
            try:
                ctx.host.call("a")
            except Exception:  # CallCancelled is not an Exception, so it must not be caught here
                reached.append(True)

        self.assertEqual(self.served_kinds(stubborn, frames=[call("stubborn")]), ["host_call"])
        self.assertEqual(reached, [])

    def test_serve_raises_the_error_of_a_broken_stream(self) -> None:
        def frames() -> Iterator[Any]:
            yield call("asks")
            raise OSError("broken")

        with self.assertRaisesRegex(OSError, "broken"):
            self.serve(asks, frames=frames())

    def test_a_host_call_on_another_thread_or_after_the_end_of_the_call_is_refused(self) -> None:
        kept: list[Context] = []

        @tool
        def keeps(ctx: Context) -> list[str]:
            kept.append(ctx)
            problems: list[str] = []

            def other() -> None:
                try:
                    ctx.host.call("a")
                except RuntimeError as error:
                    problems.append(str(error))

            thread = threading.Thread(target=other)
            thread.start()
            thread.join()
            try:
                kept[0].host.call("a")
            except RuntimeError as error:
                problems.append(str(error))
            try:
                ctx.host.call_async("a").send(None)
            except RuntimeError as error:
                problems.append(str(error))
            return problems

        self.serve(keeps, frames=[call("keeps"), answer(1), call("keeps", id=2)])
        value = self.sent[-1].result.value
        for part in (b"only on the thread", b"call 1 has ended", b"use ctx.host.call"):
            self.assertIn(part, value)
