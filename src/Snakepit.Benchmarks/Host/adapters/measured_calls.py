"""The showcase with the tools that streams, sessions and calls from Python to .NET are measured with."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Any

from snakepit_worker import Context, tool
from snakepit_worker.adapters.showcase import ShowcaseAdapter


class MeasuredCalls(ShowcaseAdapter):
    """The showcase with tools whose results a caller can check, so that a fast but wrong answer is not measured."""

    @tool
    def stream_texts(self, chunks: int, characters: int) -> Iterator[dict[str, Any]]:
        """Yield ``chunks`` numbered texts of ``characters`` characters."""
        text = "x" * characters
        for step in range(1, chunks + 1):
            yield {"step": step, "text": text}

    @tool
    def count_up(self, ctx: Context, by: int = 1) -> dict[str, Any]:
        """Add ``by`` to the count in the session's state, and return the count, whose it is, and if it is kept."""
        session = ctx.session
        if session is None:
            return {"owner": "", "count": by, "is_kept": False}
        count = session.state["count"] = session.state.get("count", 0) + by
        return {"owner": session.state.setdefault("owner", session.key), "count": count, "is_kept": session.is_home}

    @tool
    def call_host(self, ctx: Context, times: int) -> list[int]:
        """Call .NET ``times`` times, and return how long each call took, in microseconds."""
        took: list[int] = []
        for number in range(times):
            start = time.perf_counter()
            answer = ctx.host.call("successor", number=number)
            took.append(round((time.perf_counter() - start) * 1e6))
            if answer != number + 1:
                raise AssertionError(f"the successor of {number} is not {answer}")
        return took

    @tool
    def hold(self, array: memoryview, seconds: float) -> float:
        """Sleep while an array of .NET is mapped, and return its last element."""
        time.sleep(seconds)
        last: float = array[-1]
        return last

    @tool
    def nest(self, ctx: Context, depth: int) -> int:
        """Call .NET, which calls this tool again if ``depth`` is more than 1, and return how often .NET was called."""
        called: int = ctx.host.call("nest", depth=depth)
        return called
