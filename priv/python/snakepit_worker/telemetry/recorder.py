"""Records the spans and measurements of one call until a frame takes them to the host.

A frame that is sent anyway takes them: a chunk, a host call, or the answer. What waits for such a frame is limited. No
lock is taken, because a cancelled call may be interrupted while it holds one.
"""

from __future__ import annotations

import collections
import itertools
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from ..api.context import NO_SPAN, Span
from ..api.log import trace_of_call
from ..payloads.descriptions import sendable
from ..protocol.value_frame import ValueFrame
from .attributes import LONGEST_NAME, attributes_of, size_of
from .spans import RecordedSpan, current, running

if TYPE_CHECKING:
    from ..protocol.frames import MeasurementFields, Observation, WorkerFrame
    from ..protocol.streams import Frame

# What may wait for a frame. Together it takes less than protocol.framing.FRAME_OVERHEAD.
_MOST_SPANS = 1_000
_MOST_MEASUREMENTS = 1_000
_MOST_BYTES = 256 * 1024
_DEEPEST = 64

# Functions that return a current span which another API has made. The deepest span counts.
also_current: list[Callable[[], RecordedSpan | None]] = []


class Recorder:
    """Records what the tool of one call tells of its work. Any thread of the tool may call its methods."""

    def __init__(self, observation: Observation) -> None:
        """Record what ``observation`` asks for."""
        self.traceparent: str = observation.traceparent
        self.tracestate: str = observation.tracestate
        self._wants_measurements: bool = observation.measurements
        self._ids = itertools.count(1)
        self._open = 0
        self._bytes = 0
        self._spans: collections.deque[RecordedSpan] = collections.deque()
        self._measurements: collections.deque[MeasurementFields] = collections.deque()
        self._dropped_spans = 0
        self._dropped_measurements = 0
        self._has_ended = False

    def enter(self) -> None:
        """Make this the recorder of the code that will run in the current context."""
        running.set(self)

    def span(self, name: str, attributes: dict[str, Any], kind: int = 0) -> Span:
        """Return a span that is recorded when it is used in a ``with`` statement."""
        if self._has_ended or not self.traceparent:
            return NO_SPAN
        return RecordedSpan(self, name, attributes, kind)

    def current(self) -> RecordedSpan | None:
        """Return the span of this call inside of which the running code is; None if it is in no span of this call."""
        found = current.get()
        found = found if found is not None and found.belongs_to(self) else None
        for look in also_current:
            span = look()
            if span is not None and span.belongs_to(self) and span.depth > (found.depth if found is not None else 0):
                found = span
        return found

    def admit(self, span: RecordedSpan) -> bool:
        """Give a span that begins its number. Return False if it is one too many, and is not recorded."""
        if self._has_ended:
            return False
        if self._open + len(self._spans) >= _MOST_SPANS or span.depth > _DEEPEST:
            self._dropped_spans += 1
            return False
        self._open += 1
        span.id = next(self._ids)
        return True

    def ended(self, span: RecordedSpan) -> None:
        """Keep a span that has ended for the next frame."""
        self._open -= 1
        if self._has_ended:
            return
        size = span.size()
        if self._bytes + size > _MOST_BYTES:
            self._dropped_spans += 1
            return
        self._bytes += size
        self._spans.append(span)

    def measure(self, name: str, value: float, unit: str, attributes: dict[str, Any]) -> None:
        """Keep a measurement for the next frame."""
        if not self._wants_measurements or self._has_ended:
            return
        made = attributes_of(attributes)
        size = 32 + len(name) + len(unit) + size_of(made)
        if len(self._measurements) >= _MOST_MEASUREMENTS or self._bytes + size > _MOST_BYTES:
            self._dropped_measurements += 1
            return
        self._bytes += size
        short = sendable(name, LONGEST_NAME), sendable(unit, LONGEST_NAME)
        self._measurements.append({"name": short[0], "value": value, "unit": short[1], "attributes": made})

    def tell_with(self, frame: Frame) -> Frame:
        """Return the frame with all that waits. It is another object if the frame was one that has no room for it."""
        if not (self._spans or self._measurements or self._dropped_spans or self._dropped_measurements):
            return frame
        message = frame.message() if isinstance(frame, ValueFrame) else frame
        self._fill(message)
        return message

    def tell_with_host_call(self, frame: WorkerFrame) -> None:
        """Add to a host call all that waits, and in which span it is made."""
        if (span := self.current()) is not None:
            frame.host_call.span = span.id
            span.tell(frame.recorded.spans)
        self.tell_with(frame)

    def end_with(self, answer: Frame) -> Frame:
        """Return the answer of the call with all that waits. Nothing is recorded afterwards."""
        self._has_ended = True
        self._dropped_spans += self._open  # a task or thread that the tool has left behind is still in them
        return self.tell_with(answer)

    def _fill(self, frame: WorkerFrame) -> None:
        recorded = frame.recorded
        while self._spans:
            self._spans.popleft().tell(recorded.spans)
        while self._measurements:
            recorded.measurements.add(**self._measurements.popleft())
        recorded.dropped_spans, self._dropped_spans = self._dropped_spans, 0
        recorded.dropped_measurements, self._dropped_measurements = self._dropped_measurements, 0
        self._bytes = 0


def _trace() -> str:
    recorder = running.get()
    if recorder is None or not recorder.traceparent:
        return ""
    _, trace, span, _ = recorder.traceparent.split("-")
    return f" [{trace}-{span}]"


trace_of_call.append(_trace)
