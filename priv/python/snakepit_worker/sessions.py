"""Sessions: state that a worker keeps from one call of a key to the next."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Session:
    """The session that a call belongs to.

    ``state`` is the tool's to fill. At home it is the same dict in every call of ``key``, until the host ends the
    session or the worker ends; a call that could not wait for the session's home sees an empty one, which is forgotten
    when the call ends.
    """

    key: str
    state: dict[str, Any] = field(repr=False)
    is_home: bool


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
