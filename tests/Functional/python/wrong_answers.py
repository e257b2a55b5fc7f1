"""Tools with the names of those that benchmark hosts measure, each with a wrong answer that its slot must notice."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from snakepit_worker import Context, tool

_LOST = 3


@tool
def ping() -> None:
    """Return nothing, which no slot looks at."""


@tool
def stream_progress(steps: int) -> Iterator[dict[str, int]]:
    """Lose the third chunk, if the stream is long enough to have one."""
    yield from ({"step": step} for step in range(1, steps + 1) if step != _LOST)


@tool
def stream_texts(chunks: int, characters: int) -> Iterator[dict[str, Any]]:
    """End before the last chunk."""
    yield from ({"step": step, "text": "x" * characters} for step in range(1, chunks))


@tool
def count_up(ctx: Context, by: int = 1) -> dict[str, Any]:
    """Forget the count of one session, and return the count of another session for the next one."""
    session = ctx.session
    assert session is not None
    state = {} if session.key == "session 2" else session.state
    state["count"] = state.get("count", 0) + by
    owner = "session 2" if session.key == "session 3" else session.key
    return {"owner": owner, "count": state["count"], "is_kept": True}


@tool
def call_host(times: int) -> list[int]:
    """Call .NET less often than asked."""
    return [1] * (times - 1)


@tool
def nest(depth: int) -> int:
    """Claim that .NET was called more often than asked."""
    return depth + 1


@tool
def error_demo(kind: str) -> None:
    """Raise another exception than asked."""
    raise KeyError(kind)


@tool
def add(a: float, b: float) -> float:
    """Return a wrong sum."""
    return a + b + 1


@tool
def wait_at_safe_point(seconds: float, log: str = "") -> None:
    """Return without waiting."""
