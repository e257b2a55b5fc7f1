"""The context of a call: what a running tool can learn about its call, and its access to the host."""

from __future__ import annotations

import importlib
import logging
import math
from time import monotonic
from typing import Any

from ..memory.files import own_files
from .host import Host, RunningCall
from .log import TOOL_LOG
from .session import Session


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

    @property
    def log(self) -> logging.Logger:
        """A Python logger whose messages are passed on to the log of the .NET program."""
        return TOOL_LOG
