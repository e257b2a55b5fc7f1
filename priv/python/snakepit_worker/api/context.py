"""The context of a call: what a running tool can learn about its call, and its access to the host."""

from __future__ import annotations

import importlib
import logging
import math
from time import monotonic
from types import TracebackType
from typing import Any, Self

from ..memory.files import own_files
from .host import Host, RunningCall
from .log import TOOL_LOG
from .session import Session


class Span:
    """A part of a call that is traced: what ``with ctx.span(...) as span`` gives.

    This class itself is the span of a call that nobody traces, which does nothing.
    """

    __slots__ = ()

    def set(self, **attributes: Any) -> None:
        """Add attributes to the span, such as a number of rows that is known only at its end."""

    def __enter__(self) -> Self:
        """Begin the span."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        """End the span."""


NO_SPAN = Span()


class Context:
    """Information about a running call for its tool, and access to the host.

    A tool receives it in a parameter that is annotated ``Context``, or named ``ctx`` without an annotation. Callers
    do not pass a value for this parameter.

    Attributes:
        worker: The number of the worker in its pool, from 1.
        call_id: The number of the call, which is unique within the worker.
        session: The Session that the call belongs to, or None.

    Example::

        @tool
        def simulate(steps: int, ctx: Context) -> int:
            for step in range(steps):
                if ctx.remaining is not None and ctx.remaining < 0.1:
                    return step
                advance()
            return steps
    """

    __slots__ = ("_call", "_deadline", "call_id", "session", "worker")

    def __init__(
        self,
        worker: int,
        call_id: int,
        timeout_ms: int,
        call: RunningCall | None = None,
        session: Session | None = None,
    ) -> None:
        """Create a context. The worker does so for each call, and a unit test of a tool may do so too.

        Args:
            worker: The number of the worker.
            call_id: The number of the call.
            timeout_ms: How long the host waits for the call, in milliseconds; 0 if it waits without limit.
            call: The running call. Without it, ``host`` raises RuntimeError and ``cancelled`` is always False.
            session: The session that the call belongs to, if any.
        """
        self.worker = worker
        self.call_id = call_id
        self.session = session
        self._call = call
        self._deadline = monotonic() + timeout_ms / 1000 if timeout_ms else None

    @property
    def remaining(self) -> float | None:
        """Seconds until this call times out, at least 0; None if it has no timeout."""
        return None if self._deadline is None else max(0.0, self._deadline - monotonic())

    @property
    def cancelled(self) -> bool:
        """True once this call has been cancelled or has timed out."""
        return self._call is not None and self._call.is_cancelled()

    @property
    def host(self) -> Host:
        """The host tools of the .NET program. Raises RuntimeError for a context that was created without a call."""
        if self._call is None:
            raise RuntimeError("this context belongs to no running call: there is no host")
        return Host(self._call)

    def empty(self, shape: int | tuple[int, ...], dtype: Any = float) -> Any:
        """Return a new array of numpy whose elements are not set, in memory that the host can read.

        A tool that returns this array, whole, sends it without a copy. It must not write to it any more then. Without
        shared memory, or if there is no room in it, the array is an ordinary one, and is copied when it is returned.

        Args:
            shape: The length of each dimension, outermost first.
            dtype: The type of the elements, as numpy takes it. Arrays of Python objects cannot be shared.

        Raises ModuleNotFoundError if numpy is not installed, and what ``numpy.empty`` raises for its arguments.
        """
        numpy: Any = importlib.import_module("numpy")  # late, because the worker does not need it
        wanted = numpy.dtype(dtype)
        lengths = (shape,) if isinstance(shape, int) else tuple(shape)
        can_be_shared = not wanted.hasobject and min(lengths, default=0) > 0
        memory = own_files.make(math.prod(lengths) * int(wanted.itemsize)) if can_be_shared else None
        return numpy.empty(lengths, wanted) if memory is None else numpy.ndarray(lengths, wanted, memory)

    def span(self, name: str, /, **attributes: Any) -> Span:
        """Return a span for a ``with`` statement: a part of the call whose time and attributes appear in its trace.

        Spans inside of it, in the same thread or task, and host calls become its children. An exception that leaves the
        ``with`` statement marks it as failed, and goes on. While nobody traces the call, this does nothing::

            with ctx.span("preprocess", rows=len(rows)) as span:
                kept = clean(rows)
                span.set(kept=len(kept))

        Args:
            name: What the part is called, up to 256 bytes. There should be few different names: put numbers and ids
                into attributes.
            attributes: Up to 32 values: str, int, float or bool. Of others the ``repr`` is sent. The middle of texts of
                more than 1,000 bytes is left out.

        Raises TypeError if the name is not a str.
        """
        if not isinstance(name, str):  # pyright: ignore[reportUnnecessaryIsInstance] (it comes from the user's code)
            raise TypeError(f"the name of a span is a str, not a {type(name).__name__}")
        recorder = None if self._call is None else self._call.recorder
        return NO_SPAN if recorder is None else recorder.span(name, attributes)

    def metric(self, name: str, value: float, /, unit: str = "", **attributes: Any) -> None:
        """Measure something, such as a number of rows. The .NET program gets the value as a measurement of its meters.

        While nobody there listens to the meter ``Snakepit.Python``, this does nothing::

            ctx.metric("rows", len(rows), unit="{row}", source="csv")

        Args:
            name: The name of the histogram that takes the value: letters, digits and ``_ . - /``, a letter first.
            value: The value. One that is not finite is dropped.
            unit: The unit, the same for all values of a name: ``s``, ``By``, or ``{row}`` for what is counted.
            attributes: As in ``span``. Values of each combination of attributes are summed up separately, so there
                should be few.

        Raises TypeError if the name or the unit is not a str, or the value is no number.
        """
        if not isinstance(name, str) or not isinstance(unit, str):  # pyright: ignore[reportUnnecessaryIsInstance]
            raise TypeError(f"the name and the unit of a metric are of the type str: {name!r}, {unit!r}")
        try:
            number = float(value) if math.isfinite(value) else math.inf  # isfinite takes numbers only, and no text
        except TypeError:
            raise TypeError(
                f"the value of the metric {name[:100]!r} is a number, not a {type(value).__name__}"
            ) from None
        except OverflowError:  # of an int
            number = math.inf
        recorder = None if self._call is None else self._call.recorder
        if recorder is not None:
            recorder.measure(name, number, unit, attributes)

    @property
    def log(self) -> logging.Logger:
        """A Python logger whose messages are passed on to the log of the .NET program."""
        return TOOL_LOG
