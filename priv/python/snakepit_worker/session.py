"""Sessions: calls that belong together and share a state."""

from __future__ import annotations

from typing import Any


class Session:
    """The session of a call: its key, and what its calls on this worker remember."""

    __slots__ = ("is_home", "key", "state")

    def __init__(self, key: str, state: dict[str, Any], is_home: bool) -> None:
        """Describe the session ``key``; ``is_home`` tells whether ``state`` outlives the call."""
        self.key = key
        self.state = state
        self.is_home = is_home


class Sessions:
    """The states that this worker keeps, by key."""

    def __init__(self) -> None:
        """Keep none."""
        self._states: dict[str, dict[str, Any]] = {}

    def of(self, call: Any) -> Session | None:
        """Return the session of a call frame; None if it has none."""
        if not call.HasField("session"):
            return None
        key, is_home = call.session.key, call.session.home
        return Session(key, self._states.setdefault(key, {}) if is_home else {}, is_home)

    def end(self, key: str) -> None:
        """Forget a state; a call that still runs keeps its own hold of it."""
        self._states.pop(key, None)
