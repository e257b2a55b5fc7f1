"""Tests that spans and metrics of a tool are recorded when the host asks for them, and sent with frames of its call."""

from __future__ import annotations

import sys
import threading
from collections.abc import Iterator
from typing import Any
from unittest import mock

from snakepit_worker import Context, Span, tool
from snakepit_worker.api.context import NO_SPAN
from snakepit_worker.protocol.frames import Failure, HostFrame
from snakepit_worker.telemetry.recorder import Recorder

from .sequential_host import DispatcherTestCase, answer, call

_PARENT = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
_TRACE: Any = {"traceparent": _PARENT, "measurements": True}


def observed(name: str, observation: Any = _TRACE, **given: Any) -> HostFrame:
    frame = call(name, **given)
    frame.call.observation.MergeFrom(type(frame.call.observation)(**observation))
    return frame


@tool
def works(ctx: Context) -> int:
    with ctx.span("outer", size=3), ctx.span("inner"):
        ctx.metric("rows", 2, unit="{row}", source="csv")
    return 1


@tool
def asks(ctx: Context) -> Any:
    with ctx.span("outer"), ctx.span("asks"):
        return ctx.host.call("one")


@tool
def streams(ctx: Context) -> Iterator[int]:
    with ctx.span("whole"):
        for number in range(2):
            with ctx.span("part"):
                pass
            yield number


class Raising:
    def __repr__(self) -> str:
        raise ValueError("no repr")

    def __float__(self) -> float:
        raise ValueError("no number")


class Recording(DispatcherTestCase):
    def recorded(self, index: int = -1) -> Any:
        return self.sent[index].recorded

    def test_spans_and_measurements_travel_with_the_result(self) -> None:
        self.serve(works, frames=[observed("works")])
        self.assertEqual(self.kinds(), ["result"])
        outer, inner = self.recorded().spans  # the outer one first, although it has ended later
        self.assertEqual((outer.name, outer.parent, inner.name, inner.parent), ("outer", 0, "inner", outer.id))
        self.assertEqual([(one.key, one.integer) for one in outer.attributes], [("size", 3)])
        self.assertLessEqual(outer.start, inner.start)
        self.assertLessEqual(inner.end, outer.end)
        (rows,) = self.recorded().measurements
        self.assertEqual((rows.name, rows.value, rows.unit, rows.attributes[0].text), ("rows", 2, "{row}", "csv"))

    def test_nothing_is_recorded_that_the_host_does_not_ask_for(self) -> None:
        seen: list[Span] = []

        @tool
        def sees(ctx: Context) -> None:
            seen.append(ctx.span("a"))
            ctx.metric("b", 1)

        frames = [call("sees", id=1), observed("sees", {"measurements": True}, id=2)]
        frames.append(observed("sees", {"traceparent": _PARENT}, id=3))
        self.serve(sees, frames=frames)
        self.assertIs(seen[0], NO_SPAN)
        self.assertIs(seen[1], NO_SPAN)
        self.assertIsNot(seen[2], NO_SPAN)
        self.assertEqual([frame.HasField("recorded") for frame in self.sent], [False, True, False])
        with seen[2]:
            pass  # after its call has ended
        with NO_SPAN as span:
            span.set(a=1)

    def test_a_host_call_tells_in_which_span_it_is_made(self) -> None:
        self.serve(asks, frames=[observed("asks"), answer(1, b"5")])
        outer, inner = self.recorded(0).spans
        self.assertEqual((outer.name, outer.end, inner.name, inner.end), ("outer", 0, "asks", 0))
        self.assertEqual((self.sent[0].host_call.span, inner.parent), (inner.id, outer.id))
        self.assertEqual([span.name for span in self.recorded(1).spans], ["asks", "outer"])
        self.assertTrue(all(span.end for span in self.recorded(1).spans))

    def test_the_spans_of_a_stream_travel_with_its_chunks(self) -> None:
        self.serve(streams, frames=[observed("streams", streaming=True, credit=9)])
        self.assertEqual([[span.name for span in frame.recorded.spans] for frame in self.sent],
                         [["whole", "part"], ["part"], ["whole"]])  # fmt: skip
        self.assertEqual((self.recorded(0).spans[0].end, self.recorded(2).spans[0].end > 0), (0, True))

    def test_an_error_marks_the_spans_that_it_leaves(self) -> None:
        @tool
        def fails(ctx: Context) -> None:
            with ctx.span("outer"):
                raise KeyError("\ud800")

        self.serve(fails, frames=[observed("fails")])
        self.assertEqual(self.sent[0].failure.kind, Failure.RAISED)
        (span,) = self.recorded().spans
        self.assertEqual((span.error_type, span.error_message), ("KeyError", "'\\ud800'"))

    def test_a_refused_call_leaves_nothing_to_the_next_one(self) -> None:
        @tool
        def takes(ctx: Context, number: int) -> None:
            """Take a number."""

        @tool
        def plain() -> int:
            return 1

        self.serve(takes, plain, frames=[observed("takes", id=1, number="no number"), call("plain", id=2)])
        self.assertEqual(self.kinds(), ["failure", "result"])
        self.assertFalse(self.sent[1].HasField("recorded"))

    def test_values_of_any_kind_become_attributes(self) -> None:
        given: dict[str, Any] = {
            "surrogate": "a\ud800",
            "huge": 2**70,
            "list": [1],
            "raises": Raising(),
            "none": None,
            "true": True,
            "float": 1.5,
            "long": "x" * 5000,
        }

        @tool
        def tells(ctx: Context) -> None:
            with ctx.span("a", **given, **{f"more {number}": number for number in range(50)}):
                pass

        self.serve(tells, frames=[observed("tells")])
        (span,) = self.recorded().spans
        values = {one.key: getattr(one, one.WhichOneof("value")) for one in span.attributes}
        self.assertEqual(len(values), 32)
        self.assertEqual(
            [values[key] for key in ("surrogate", "huge", "list", "none", "true", "float")],
            ["a\\ud800", str(2**70), "[1]", "None", True, 1.5],
        )
        self.assertIn("ValueError in repr of Raising", values["raises"])
        self.assertLess(len(values["long"]), 1024)

    def test_wrong_names_and_values_are_refused_whether_or_not_the_host_listens(self) -> None:
        context: Any = Context(1, 1, 0)
        for wrong in (lambda: context.span(3), lambda: context.metric(3, 1), lambda: context.metric("a", "1"),
                      lambda: context.metric("a", 1, unit=3), lambda: context.metric("a", None)):  # fmt: skip
            self.assertRaises(TypeError, wrong)
        context.metric("a", 10**400)  # is not finite as a float, and dropped
        context.metric("a", True)

    def test_spans_that_are_nested_too_deeply_are_dropped_and_counted(self) -> None:
        @tool
        def nests(ctx: Context, levels: int) -> None:
            if levels:
                with ctx.span(f"level {levels}"):
                    nests(ctx, levels - 1)

        self.serve(nests, frames=[observed("nests", levels=70)])
        self.assertEqual((len(self.recorded().spans), self.recorded().dropped_spans), (64, 6))

    def test_a_span_that_a_thread_left_behind_is_in_is_counted_as_dropped(self) -> None:
        go_on, begun = threading.Event(), threading.Event()
        threads: list[threading.Thread] = []

        @tool
        def leaves(ctx: Context) -> None:
            def run() -> None:
                with ctx.span("left"):
                    begun.set()
                    go_on.wait(10)

            threads.append(threading.Thread(target=run))
            threads[0].start()
            begun.wait(10)

        self.serve(leaves, frames=[observed("leaves")])
        go_on.set()
        threads[0].join(10)
        self.assertEqual(self.recorded().dropped_spans, 1)

    def test_a_call_goes_on_if_what_records_it_cannot_be_imported(self) -> None:
        with mock.patch.dict(sys.modules, {"snakepit_worker.telemetry.recorder": None}):
            self.serve(works, frames=[observed("works")])
        self.assertEqual(self.kinds(), ["result"])
        self.assertFalse(self.sent[0].HasField("recorded"))

    def test_a_span_belongs_to_the_call_that_has_made_it(self) -> None:
        observation = observed("a").call.observation
        first, second = Recorder(observation), Recorder(observation)
        with first.span("first", {}):
            self.assertIsNone(second.current())
            with second.span("second", {}):
                self.assertIsNone(first.current())
            self.assertIsNotNone(first.current())
