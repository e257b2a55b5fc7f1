"""What a running tool can learn about its call, and ask of the host."""

from __future__ import annotations

import logging
import time

from .host import Host, RunningCall
from .session import Session

_LOG = logging.getLogger("snakepit.tool")


class Context:
    """One call, as its tool sees it.

    A tool receives it in a parameter that is annotated ``Context``, or named ``ctx`` without an annotation. Callers
    do not give this parameter.

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
        """Make a context; the worker does so for each call, and a test of a tool may.

        Args:
            worker: The number of the worker.
            call_id: The number of the call.
            timeout_ms: How long the host waits for the call, in milliseconds; 0 means without limit.
            call: The running call. Without one, there is no host and nothing is cancelled.
            session: The session that the call belongs to, if any.
        """
        self.worker = worker
        self.call_id = call_id
        self.session = session
        self._call = call
        self._deadline = time.monotonic() + timeout_ms / 1000 if timeout_ms else None

    @property
    def remaining(self) -> float | None:
        """Seconds until the host gives this call up, at least 0; None if it waits without limit."""
        return None if self._deadline is None else max(0.0, self._deadline - time.monotonic())

    @property
    def cancelled(self) -> bool:
        """True once the host has given this call up, because it was cancelled or has run out of time."""
        return self._call is not None and self._call.is_cancelled()

    @property
    def host(self) -> Host:
        """The tools of the .NET program; raises RuntimeError for a context that belongs to no running call."""
        if self._call is None:
            raise RuntimeError("this context belongs to no running call: there is no host")
        return Host(self._call)

    @property
    def log(self) -> logging.Logger:
        """A logger whose lines reach the log of the .NET program."""
        return _LOG
