"""What a running tool can know about its call."""

from __future__ import annotations

import logging
import time

_LOG = logging.getLogger("snakepit.tool")


class Context:
    """One call, as its tool sees it. Ask for it with a parameter annotated ``Context``."""

    __slots__ = ("_deadline", "call_id", "worker")

    def __init__(self, worker: int, call_id: int, timeout_ms: int) -> None:
        """Describe call ``call_id`` on ``worker``; ``timeout_ms`` of 0 means without limit."""
        self.worker = worker
        self.call_id = call_id
        self._deadline = time.monotonic() + timeout_ms / 1000 if timeout_ms else None

    @property
    def remaining(self) -> float | None:
        """Seconds until the host gives this call up, at least 0; None if it waits without limit."""
        return None if self._deadline is None else max(0.0, self._deadline - time.monotonic())

    @property
    def log(self) -> logging.Logger:
        """A logger whose lines reach the host's log."""
        return _LOG
