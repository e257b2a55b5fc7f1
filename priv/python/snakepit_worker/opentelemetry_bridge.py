"""Lets code that uses the API of OpenTelemetry make spans of the trace that leads through .NET.

The package opentelemetry-api must be installed; its SDK need not be. Libraries that are instrumented for OpenTelemetry
then appear in the trace, and so do the spans that a tool makes itself::

    from opentelemetry import trace
    from snakepit_worker import Adapter, opentelemetry_bridge, tool

    class Tables(Adapter):
        def prepare(self) -> None:
            opentelemetry_bridge.install()

        @tool
        def total(self, rows: list[float]) -> float:
            with trace.get_tracer("tables").start_as_current_span("add"):
                return sum(rows)

Spans of both kinds, these and those of ``ctx.span``, may be inside of each other. Events and links are not passed on.
A span has its id only in .NET, so ``get_span_context`` returns the ids of the trace and of the call: what another
service does is a child of the call.
"""

from __future__ import annotations

import contextlib
import importlib
from collections.abc import Generator, Mapping, Sequence
from typing import Any

from .dispatch.recording import every_call
from .payloads.descriptions import message_of, type_name
from .telemetry.recorder import Recorder, also_current
from .telemetry.spans import RecordedSpan, running

_api: Any = importlib.import_module("opentelemetry.trace")  # Any, because the package is installed on few machines
_OTHER = "_OTHER"  # the class of an error of which no exception is known


def install() -> None:
    """Make the spans of OpenTelemetry's API from now on. Call it once, in ``prepare()`` or ``start()`` of the adapter.

    As OpenTelemetry has one provider of tracers for a process, a program that has set another one keeps that one.
    """
    if every_call:
        return
    every_call.append(True)
    also_current.append(_current)
    _api.set_tracer_provider(BridgeProvider())


def _current(context: Any = None) -> RecordedSpan | None:
    span = _api.get_current_span(context)
    return span.recorded if isinstance(span, BridgeSpan) else None


class BridgeProvider(_api.TracerProvider):
    """Provides the tracer that makes the spans."""

    def get_tracer(self, instrumenting_module_name: str, *arguments: Any, **named: Any) -> BridgeTracer:
        """Return a tracer."""
        return BridgeTracer()


class BridgeTracer(_api.Tracer):
    """Makes spans of the running call, and spans that do nothing where no call is traced."""

    def start_span(
        self,
        name: str,
        context: Any = None,
        kind: Any = None,
        attributes: Mapping[str, Any] | None = None,
        links: Sequence[Any] | None = None,
        start_time: int | None = None,
        record_exception: bool = True,
        set_status_on_exception: bool = True,
    ) -> Any:
        """Start a span inside of the current one, or of the one in ``context``."""
        recorder = running.get()
        if recorder is None or not recorder.traceparent:
            return _api.INVALID_SPAN
        number = kind.value if kind is not None else 0  # the kinds have the same numbers as in the protocol
        recorded = RecordedSpan(recorder, str(name), dict(attributes or {}), number)
        recorded.begin(recorder.current() if context is None else _current(context), start_time)
        return BridgeSpan(recorded, recorder) if recorded.id else _api.INVALID_SPAN

    @contextlib.contextmanager
    def start_as_current_span(
        self, name: str, *arguments: Any, end_on_exit: bool = True, **named: Any
    ) -> Generator[Any]:
        """Start a span that is the current one in the ``with`` statement."""
        record = bool(named.get("record_exception", True)), bool(named.get("set_status_on_exception", True))
        with _api.use_span(
            self.start_span(name, *arguments, **named),
            end_on_exit=end_on_exit,
            record_exception=record[0],
            set_status_on_exception=record[1],
        ) as span:
            yield span


class BridgeSpan(_api.Span):
    """A span that was made with OpenTelemetry's API."""

    def __init__(self, recorded: RecordedSpan, recorder: Recorder) -> None:
        """Wrap the span that is recorded."""
        self.recorded = recorded
        self._recorder = recorder
        self._error = ("", "")

    def end(self, end_time: int | None = None) -> None:
        """End the span."""
        self.recorded.finish(end=end_time)

    def get_span_context(self) -> Any:
        """Return the ids of the trace and of the call."""
        _, trace_id, span_id, flags = self._recorder.traceparent.split("-")
        return _api.SpanContext(
            int(trace_id, 16), int(span_id, 16), is_remote=False, trace_flags=_api.TraceFlags(int(flags, 16))
        )

    def is_recording(self) -> bool:
        """Tell whether the span has not ended."""
        return not self.recorded.end

    def set_attributes(self, attributes: Mapping[str, Any]) -> None:
        """Add attributes."""
        self.recorded.add(attributes)

    def set_attribute(self, key: str, value: Any) -> None:
        """Add an attribute."""
        self.recorded.add({key: value})

    def update_name(self, name: str) -> None:
        """Change the name."""
        self.recorded.rename(name)

    def set_status(self, status: Any, description: str | None = None) -> None:
        """Mark the span as failed if the status says so."""
        code = getattr(status, "status_code", status)
        if code is _api.StatusCode.ERROR:
            kind, message = self._error
            self.recorded.fail(kind or _OTHER, message or getattr(status, "description", None) or description or "")

    def record_exception(self, exception: BaseException, *arguments: Any, **named: Any) -> None:
        """Remember the exception as the reason of a failure that ``set_status`` tells."""
        self._error = type_name(exception), message_of(exception)

    def add_event(self, name: str, *arguments: Any, **named: Any) -> None:
        """Do nothing: events are not passed on."""

    def add_link(self, context: Any, *arguments: Any, **named: Any) -> None:
        """Do nothing: links are not passed on."""
