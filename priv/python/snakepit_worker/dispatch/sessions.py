"""The sessions whose state this worker keeps."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ..api.session import Session

if TYPE_CHECKING:
    from ..protocol.frames import Call


class Sessions:
    """The states of the sessions whose home is this worker."""

    def __init__(self) -> None:
        """Begin with no session."""
        self._states: dict[int, dict[str, Any]] = {}

    def of(self, call: Call) -> Session | None:
        """Return the session of a call, None if it has none."""
        if not call.HasField("session"):
            return None
        key, is_home = call.session.key, call.session.home
        return Session(key, self._states.setdefault(call.session.id, {}) if is_home else {}, is_home)

    def end(self, id: int) -> None:
        """Forget a session's state; a call that is still running keeps the dict that it has."""
        self._states.pop(id, None)
