"""Tests the bridge to OpenTelemetry's API with a stand-in for that, because it is installed on few machines."""

from __future__ import annotations

import importlib
import sys
from pathlib import Path
from typing import Any

from snakepit_worker import Context, tool
from snakepit_worker.dispatch.recording import every_call
from snakepit_worker.telemetry.recorder import also_current

from .sequential_host import DispatcherTestCase, answer, call
from .test_recording import observed

_BRIDGE = "snakepit_worker.opentelemetry_bridge"


class Bridge(DispatcherTestCase):
    trace: Any

    def setUp(self) -> None:
        super().setUp()
        sys.path.insert(0, str(Path(__file__).parent / "standin"))
        self.addCleanup(self.forget)
        self.trace = importlib.import_module("opentelemetry.trace")
        bridge = importlib.import_module(_BRIDGE)
        bridge.install()
        bridge.install()  # the second time does nothing
        self.assertEqual(len(also_current), 1)

    def forget(self) -> None:
        sys.path.pop(0)
        every_call.clear()
        also_current.clear()
        for name in ("opentelemetry", "opentelemetry.trace", _BRIDGE):
            sys.modules.pop(name, None)

    def test_spans_of_both_kinds_are_inside_of_each_other(self) -> None:
        trace = self.trace

        @tool
        def works(ctx: Context) -> Any:
            tracer = trace.get_tracer("tests")
            with tracer.start_as_current_span(
                "first", kind=trace.SpanKind.CLIENT, attributes={"db.system": "x"}
            ) as first:
                first.set_attribute("rows", 3)
                with ctx.span("second"):
                    third = tracer.start_span("third")
                    with trace.use_span(third, end_on_exit=True), ctx.span("fourth"):
                        return ctx.host.call("one")

        self.serve(works, frames=[observed("works"), answer(1, b"1")])
        spans = {span.id: span for frame in self.sent for span in frame.recorded.spans}
        names = {span.name: (spans[span.parent].name if span.parent else "") for span in spans.values()}
        self.assertEqual(names, {"first": "", "second": "first", "third": "second", "fourth": "third"})
        self.assertEqual(spans[self.sent[0].host_call.span].name, "fourth")
        first = next(span for span in self.sent[1].recorded.spans if span.name == "first")
        self.assertEqual(first.kind, 2)
        self.assertEqual([one.key for one in first.attributes], ["db.system", "rows"])

    def test_a_tool_without_a_context_has_spans_too(self) -> None:
        trace = self.trace

        @tool
        def fails() -> None:
            with trace.get_tracer("tests").start_as_current_span("fails") as span:
                span.update_name("renamed")
                raise KeyError("a")

        self.serve(fails, frames=[observed("fails")])
        (span,) = self.sent[0].recorded.spans
        self.assertEqual((span.name, span.error_type, span.error_message), ("renamed", "KeyError", "'a'"))

    def test_a_span_has_the_ids_of_the_trace_and_its_own_times_and_status(self) -> None:
        trace = self.trace

        @tool
        def tells() -> list[str]:
            span = trace.get_tracer("tests").start_span("old", start_time=1_000, context={})
            ids = span.get_span_context()
            span.set_status(trace.StatusCode.ERROR, "no luck")
            span.end(end_time=5_000)
            self.assertFalse(span.is_recording())
            return [f"{ids.trace_id:032x}", f"{ids.span_id:016x}"]

        self.serve(tells, frames=[observed("tells")])
        self.assertEqual(self.sent[0].result.value, b'["0af7651916cd43dd8448eb211c80319c","b7ad6b7169203331"]')
        (span,) = self.sent[0].recorded.spans
        self.assertEqual((span.start, span.end, span.error_type, span.error_message), (1000, 5000, "_OTHER", "no luck"))

    def test_a_call_that_nobody_traces_has_spans_that_do_nothing(self) -> None:
        trace = self.trace

        @tool
        def works() -> bool:
            with trace.get_tracer("tests").start_as_current_span("unheard") as span:
                return bool(span.is_recording())

        self.serve(works, frames=[call("works")])
        self.assertEqual(self.sent[0].result.value, b"false")
        self.assertFalse(self.sent[0].HasField("recorded"))
