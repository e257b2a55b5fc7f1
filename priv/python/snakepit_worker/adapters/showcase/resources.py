"""Tools of the showcase that use or report resources of a worker: its process, time and memory."""

from __future__ import annotations

import os
import time

from snakepit_worker import Context, tool

from .counting import CountingAdapter

_MEGABYTE = 1024 * 1024


class ResourceTools(CountingAdapter):
    """Tools that use time or memory of a worker, or return its number and process id."""

    def __init__(self) -> None:
        """Start without any memory that is kept for later."""
        super().__init__()
        self._held: list[bytearray] = []

    @tool
    def worker_info(self, ctx: Context) -> dict[str, int]:
        """Return this worker's number in its pool, its process id, and how many calls it has served."""
        self._calls += 1
        return {"worker": ctx.worker, "pid": os.getpid(), "calls": self._calls}

    @tool
    def sleep(self, ms: float) -> float:
        """Sleep for ``ms`` milliseconds and return how long the sleep really took, in milliseconds."""
        self._calls += 1
        start = time.perf_counter()
        time.sleep(ms / 1000)
        return (time.perf_counter() - start) * 1000

    @tool
    def allocate(self, mb: int, hold: bool = False) -> int:
        """Allocate and touch ``mb`` megabytes, keep them if ``hold`` is true, and return how many bytes are kept."""
        self._calls += 1
        block = bytearray(mb * _MEGABYTE)
        block[::4096] = b"\1" * len(block[::4096])
        if hold:
            self._held.append(block)
        return sum(map(len, self._held))
