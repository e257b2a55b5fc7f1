"""What a running tool can know about its call."""

from __future__ import annotations

import logging
import time
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from .host import Host
    from .session import Session

_LOG = logging.getLogger("snakepit.tool")


class Services(Protocol):
    """What a dispatcher does for a running call."""

    def session_of(self, call: Any) -> Session | None:
        """Return the call's session, if it has one."""

    def host_of(self, call: Any) -> Host:
        """Return what the call's tool asks the host by."""

    def is_cancelled(self, call_id: int) -> bool:
        """Tell whether the host has given the call up."""


class Context:
    """One call, as its tool sees it. Ask for it with a parameter annotated ``Context``."""

    __slots__ = ("_call", "_deadline", "_services", "_session", "worker")

    def __init__(self, worker: int, call: Any, services: Services) -> None:
        """Describe the call frame ``call`` on ``worker``."""
        self.worker = worker
        self._call = call
        self._services = services
        self._deadline = time.monotonic() + call.timeout_ms / 1000 if call.timeout_ms else None

    @property
    def call_id(self) -> int:
        """The call's number, which no other call of this worker has."""
        return int(self._call.id)

    @property
    def remaining(self) -> float | None:
        """Seconds until the host gives this call up, at least 0; None if it waits without limit."""
        return None if self._deadline is None else max(0.0, self._deadline - time.monotonic())

    @property
    def cancelled(self) -> bool:
        """True once the host has given this call up: whatever it returns reaches nobody."""
        return self._services.is_cancelled(self._call.id)

    @property
    def session(self) -> Session | None:
        """The session that this call belongs to; None if it belongs to none."""
        try:
            return self._session
        except AttributeError:  # looked up only if somebody asks
            self._session: Session | None = self._services.session_of(self._call)
            return self._session

    @property
    def host(self) -> Host:
        """The .NET program: ``ctx.host.call("name", argument=…)`` runs one of its host tools."""
        return self._services.host_of(self._call)

    @property
    def log(self) -> logging.Logger:
        """A logger whose lines reach the host's log."""
        return _LOG
