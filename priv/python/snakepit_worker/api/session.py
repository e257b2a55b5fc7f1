"""A session: state that a worker keeps from one call to the next, for all calls that have the same session key."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
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

    key: str
    state: dict[str, Any] = field(repr=False)
    is_home: bool
