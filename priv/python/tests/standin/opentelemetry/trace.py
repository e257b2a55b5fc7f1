"""Stands in for ``opentelemetry.trace``, written after version 1.30 of the API."""

from __future__ import annotations

import contextlib
import enum
from collections.abc import Iterator
from contextvars import ContextVar
from typing import Any


class SpanKind(enum.Enum):
    INTERNAL = 0
    SERVER = 1
    CLIENT = 2
    PRODUCER = 3
    CONSUMER = 4


class StatusCode(enum.Enum):
    UNSET = 0
    OK = 1
    ERROR = 2


class Status:
    def __init__(self, status_code: StatusCode = StatusCode.UNSET, description: str | None = None) -> None:
        self.status_code = status_code
        self.description = description


class TraceFlags(int):
    SAMPLED = 1


class SpanContext(tuple[Any, ...]):
    __slots__ = ()

    def __new__(
        cls,
        trace_id: int,
        span_id: int,
        is_remote: bool,
        trace_flags: TraceFlags | None = None,
        trace_state: Any = None,
    ) -> SpanContext:
        return tuple.__new__(cls, (trace_id, span_id, is_remote, trace_flags))

    trace_id = property(lambda self: self[0])
    span_id = property(lambda self: self[1])


class Span:
    def is_recording(self) -> bool:
        return False

    def end(self, end_time: int | None = None) -> None: ...

    def set_attribute(self, key: str, value: Any) -> None: ...

    def record_exception(self, exception: BaseException) -> None: ...

    def set_status(self, status: Any, description: str | None = None) -> None: ...


class Tracer: ...


class TracerProvider: ...


INVALID_SPAN = Span()
_current: ContextVar[Any] = ContextVar("standin", default=INVALID_SPAN)
_providers: list[Any] = []


def set_tracer_provider(provider: Any) -> None:
    _providers.append(provider)


def get_tracer(name: str) -> Any:
    return _providers[-1].get_tracer(name)


def set_span_in_context(span: Any, context: Any = None) -> dict[str, Any]:
    return {"span": span}


def get_current_span(context: Any = None) -> Any:
    return _current.get() if context is None else context.get("span", INVALID_SPAN)


@contextlib.contextmanager
def use_span(
    span: Any, end_on_exit: bool = False, record_exception: bool = True, set_status_on_exception: bool = True
) -> Iterator[Any]:
    token = _current.set(span)
    try:
        yield span
    except Exception as error:
        if span.is_recording():
            if record_exception:
                span.record_exception(error)
            if set_status_on_exception:
                span.set_status(Status(StatusCode.ERROR, f"{type(error).__name__}: {error}"))
        raise
    finally:
        _current.reset(token)
        if end_on_exit:
            span.end()
