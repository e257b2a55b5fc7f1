"""A session: state that a worker keeps from one call to the next, for all calls that have the same session key."""

from __future__ import annotations

from typing import Any


class Session:
    """The session that a call belongs to. A tool finds it in ``Context.session``.

    Attributes:
        key: The key that the .NET program opened the session with.
        state: A dict for the tool to fill. In the session's home worker, which keeps the state, every call of the
            session sees the same dict, until the host ends the session or the worker ends.
        is_home: True if the call runs in the session's home worker. A call that could not wait for that worker runs in
            another one: there ``state`` is empty at first, and is discarded when the call ends.

    Example::

        @tool
        def remember(fact: str, ctx: Context) -> int:
            facts = ctx.session.state.setdefault("facts", [])
            facts.append(fact)
            return len(facts)
    """

    # This is no dataclass, because the import of that module and the decorator would slow down every start of a pool.
    __slots__ = ("_is_home", "_key", "_state")

    def __init__(self, key: str, state: dict[str, Any], is_home: bool) -> None:
        """Create the session with this ``key`` and ``state``, for a call in its home worker or in another one."""
        self._key = key
        self._state = state
        self._is_home = is_home

    @property
    def key(self) -> str:
        """The key that the .NET program opened the session with."""
        return self._key

    @property
    def state(self) -> dict[str, Any]:
        """A dict for the tool to fill."""
        return self._state

    @property
    def is_home(self) -> bool:
        """True if the call runs in the session's home worker."""
        return self._is_home

    def __repr__(self) -> str:
        """Return the session's key and place; the state may be large, or private."""
        return f"Session(key={self._key!r}, is_home={self._is_home!r})"
