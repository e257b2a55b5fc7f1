"""A session: state that a worker keeps from one call of a key to the next."""

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
