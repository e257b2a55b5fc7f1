"""What a running tool can know about its call, and ask of its host."""

from __future__ import annotations

import logging
import time

from .host import Host, RunningCall
from .session import Session

_LOG = logging.getLogger("snakepit.tool")


class Context:
    """One call, as its tool sees it. Ask for it with a parameter annotated ``Context``."""

    __slots__ = ("_call", "_deadline", "call_id", "session", "worker")

    def __init__(
        self,
        worker: int,
        call_id: int,
        timeout_ms: int,
        call: RunningCall | None = None,
        session: Session | None = None,
    ) -> None:
        """Describe call ``call_id`` on ``worker``; ``timeout_ms`` of 0 means without limit.

        Without a running ``call``, as in a test of a tool, there is no host and nothing is cancelled.
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
        """True once the host has given this call up."""
        return self._call is not None and self._call.is_cancelled()

    @property
    def host(self) -> Host:
        """The host's own tools."""
        if self._call is None:
            raise RuntimeError("this context belongs to no running call: there is no host")
        return Host(self._call)

    @property
    def log(self) -> logging.Logger:
        """A logger whose lines reach the host's log."""
        return _LOG
