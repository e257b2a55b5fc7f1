"""Keeps the state of sessions whose home is this worker."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ..api.session import Session

if TYPE_CHECKING:
    from ..protocol.frames import Call


class Sessions:
    """The states of sessions whose home (the worker that keeps the state) is this worker."""

    def __init__(self) -> None:
        """Start without any session."""
        self._states: dict[int, dict[str, Any]] = {}

    def of(self, call: Call) -> Session | None:
        """Return the session of a call, or None if the call belongs to no session."""
        if not call.HasField("session"):
            return None
        key, is_home = call.session.key, call.session.home
        return Session(key, self._states.setdefault(call.session.id, {}) if is_home else {}, is_home)

    def end(self, id: int) -> None:
        """Remove a session's state. A call of the session that is still running keeps its reference to the dict."""
        self._states.pop(id, None)
