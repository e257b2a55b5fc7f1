"""Spans that are recorded: parts of a call, with their times and attributes."""

from __future__ import annotations

from collections.abc import Mapping
from contextvars import ContextVar
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

from ..api.context import Span
from ..originals import time
from ..payloads.descriptions import message_of, sendable, type_name
from .attributes import LONGEST_NAME, attributes_of, size_of

if TYPE_CHECKING:
    from ..protocol.frames import AttributeFields
    from ..protocol.frames import Span as SpanMessage
    from .recorder import Recorder

# The span inside of which the running code is. Each call has a context of its own, and so has each task of asyncio; a
# thread that a tool has started begins without any.
current: ContextVar[RecordedSpan | None] = ContextVar("snakepit_span", default=None)
# What records the call that the running code belongs to.
running: ContextVar[Recorder | None] = ContextVar("snakepit_recorder", default=None)


class RecordedSpan(Span):
    """A span that the host wants to know of. It begins and ends with the ``with`` statement in which it is used."""

    __slots__ = (
        *("_attributes", "_before", "_began", "_error", "_has_told_begin", "_made", "_recorder", "_start"),
        *("depth", "end", "has_told_end", "id", "kind", "name", "parent"),
    )

    def __init__(self, recorder: Recorder, name: str, attributes: dict[str, Any], kind: int = 0) -> None:
        """Create a span of the call that ``recorder`` records."""
        self._recorder = recorder
        self._attributes = attributes
        self._made: list[AttributeFields] = []  # the attributes as they are sent, once the span has ended
        self._before: RecordedSpan | None = None
        self._began = self._start = 0
        self._error = ("", "")
        self._has_told_begin = False
        self.name = sendable(name, LONGEST_NAME)
        self.kind = kind
        self.id = 0  # 0 until it begins
        self.parent: RecordedSpan | None = None
        self.depth = 1
        self.end = 0  # 0 until it has ended
        self.has_told_end = False

    def begin(self, parent: RecordedSpan | None, start: int | None = None) -> None:
        """Begin inside of ``parent``; None is the span of the call itself. ``start`` is a time of ``time.time_ns``."""
        if parent is not None:
            self.parent, self.depth = parent, parent.depth + 1
        if self._recorder.admit(self):
            self._start, self._began = start or time.time_ns(), time.perf_counter_ns()

    def finish(self, error: BaseException | None = None, end: int | None = None) -> None:
        """End the span, at the time ``end``; ``error`` is what has ended it. Only the first end counts."""
        if self.id and not self.end:
            if error is not None and not issubclass(type(error), GeneratorExit):  # that is how a stream is left early
                self.fail(type_name(error), message_of(error))
            self.end = end or self._start + time.perf_counter_ns() - self._began
            self._made = attributes_of(self._attributes)
            self._recorder.ended(self)

    def fail(self, kind: str, message: str) -> None:
        """Mark the span as failed by an error of the class ``kind``."""
        self._error = kind, sendable(message, LONGEST_NAME * 4)

    def set(self, **attributes: Any) -> None:
        """Add attributes, or replace those of the same names. Has no effect after the end."""
        self.add(attributes)

    def add(self, attributes: Mapping[str, Any]) -> None:
        """Do the same for attributes whose names need not be names of Python."""
        if not self.end:
            self._attributes.update(attributes)

    def rename(self, name: str) -> None:
        """Change the name. Has no effect after the end."""
        if not self.end:
            self.name = sendable(name, LONGEST_NAME)

    def __enter__(self) -> Self:
        """Begin inside of the current span, and become the current one."""
        self._before = current.get()
        self.begin(self._recorder.current())
        if self.id:
            current.set(self)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        """End, and make the span before this one the current one again."""
        if self.id:
            current.set(self._before)
            self.finish(error)

    def belongs_to(self, recorder: Recorder) -> bool:
        """Tell whether the span is one of the call that ``recorder`` records."""
        return self._recorder is recorder

    def size(self) -> int:
        """Return about how many bytes the span takes in a frame."""
        return 64 + len(self.name) + sum(map(len, self._error)) + size_of(self._made)

    def tell(self, spans: Any) -> None:
        """Add to the ``spans`` of a frame those around this one, if the host does not know them, and then this one."""
        around: list[RecordedSpan] = []
        span = self.parent
        while span is not None and not span._has_told_begin:
            around.append(span)
            span = span.parent
        for span in reversed(around):
            span._tell(spans.add())
        if not self._has_told_begin or (self.end and not self.has_told_end):
            self._tell(spans.add())

    def _tell(self, message: SpanMessage) -> None:
        self._has_told_begin = True
        message.id, message.name, message.kind, message.start = self.id, self.name, self.kind, self._start
        message.parent = self.parent.id if self.parent is not None else 0
        if end := self.end:
            self.has_told_end = True
            message.end = end
            message.error_type, message.error_message = self._error
            for attribute in self._made:
                message.attributes.add(**attribute)
