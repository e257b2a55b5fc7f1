"""Tools that use the session of their call, or call tools of the host."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from typing import Any

from probe_marks import mark

from snakepit_worker import Context, HostToolError, tool


@tool
def session_of(ctx: Context) -> dict[str, Any] | None:
    session = ctx.session
    return None if session is None else {"key": session.key, "home": session.is_home, "state": dict(session.state)}


@tool
def session_add(ctx: Context, gate: str = "", marker: str = "") -> dict[str, int]:
    """Add 1 to the number of calls in the session's state. If ``gate`` is given, wait until that file exists."""
    assert ctx.session is not None
    total = ctx.session.state["total"] = ctx.session.state.get("total", 0) + 1
    mark(marker)
    while gate and not os.path.exists(gate):
        time.sleep(0.002)
    return {"total": total, "pid": os.getpid()}


@tool
def session_stream(ctx: Context, upto: int) -> Iterator[int]:
    assert ctx.session is not None
    for _ in range(upto):
        total = ctx.session.state["total"] = ctx.session.state.get("total", 0) + 1
        yield total


@tool
def ask_host(ctx: Context, name: str, arguments: dict[str, Any]) -> Any:
    return ctx.host.call(name, **arguments)


@tool
def ask_host_in_vain(ctx: Context, name: str) -> dict[str, str]:
    try:
        ctx.host.call(name)
    except HostToolError as error:
        return {"tool": error.tool, "type": error.type, "message": str(error)}
    raise AssertionError("the host tool should have failed")


@tool
def ask_host_again_and_again(ctx: Context, name: str, upto: int) -> Iterator[Any]:
    for turn in range(upto):
        yield ctx.host.call(name, turn=turn)
