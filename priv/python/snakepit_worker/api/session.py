"""A session: state that a worker keeps from one call of a key to the next."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Session:
    """The session that a call belongs to. A tool finds it in ``Context.session``.

    Attributes:
        key: The key that the .NET program opened the session with.
        state: A dict for the tool to fill. In the session's home worker, every call of the session sees the same
            dict, until the host ends the session or the worker ends.
        is_home: True in the session's home worker. A call that could not wait for that worker runs elsewhere: there
            ``state`` is empty, and is forgotten when the call ends.

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
