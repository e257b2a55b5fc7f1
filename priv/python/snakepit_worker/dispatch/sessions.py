"""The sessions whose state this worker keeps."""

from __future__ import annotations

from typing import Any

from ..api.session import Session


class Sessions:
    """The sessions that are at home in this worker."""

    def __init__(self) -> None:
        """Begin with none."""
        self._states: dict[int, dict[str, Any]] = {}

    def of(self, call: Any) -> Session | None:
        """Return the session of a Call message, None if it has none."""
        if not call.HasField("session"):
            return None
        key, is_home = call.session.key, call.session.home
        return Session(key, self._states.setdefault(call.session.id, {}) if is_home else {}, is_home)

    def end(self, id: int) -> None:
        """Forget a session's state; a call that still runs keeps what it has."""
        self._states.pop(id, None)
