"""Tools of the showcase that describe the adapter and its worker, and that use the worker's time and memory."""

import os
import time
from typing import Any

from snakepit_worker import Context, tool

from .counting import CountingAdapter

VERSION = "0.1.0"  # that of the Python package in pyproject.toml

_MEGABYTE = 1024 * 1024
_RESIDENT = 1  # the position in /proc/self/statm of the number of pages that are in memory


class ResourceTools(CountingAdapter):
    """Tools that tell what the adapter and its worker are, or use time or memory of the worker."""

    def __init__(self) -> None:
        """Start without any memory that is kept for later."""
        super().__init__()
        self._held: list[bytearray] = []

    @tool
    def adapter_info(self) -> dict[str, Any]:
        """Return the ``name`` of the adapter's class, its ``version``, and the names of its ``tools`` in order."""
        self._calls += 1
        from snakepit_worker.tools.loading import tools_of  # a worker has this module; a unit test may do without it

        return {"name": type(self).__name__, "version": VERSION, "tools": [found.name for found in tools_of(self)]}

    @tool
    def worker_info(self, ctx: Context) -> dict[str, int]:
        """Return this worker's number in its pool, its process id, and how many calls it has served."""
        self._calls += 1
        return {"worker": ctx.worker, "pid": os.getpid(), "calls": self._calls}

    @tool
    def stats(self) -> dict[str, float]:
        """Return what this worker has used until now, without its children.

        ``memory_bytes`` is its resident set: the memory that it has now, with what it shares with other processes.
        ``user_seconds`` is the CPU time of its own code, and ``system_seconds`` what the system has spent for it.
        ``calls`` counts the calls of the showcase's tools.
        """
        self._calls += 1
        with open("/proc/self/statm", encoding="ascii") as file:
            pages = int(file.read().split()[_RESIDENT])
        used = os.times()
        return {
            "calls": self._calls,
            "memory_bytes": pages * os.sysconf("SC_PAGE_SIZE"),
            "user_seconds": used.user,
            "system_seconds": used.system,
        }

    @tool
    def sleep(self, ms: float) -> float:
        """Sleep for ``ms`` milliseconds and return how long the sleep really took, in milliseconds."""
        self._calls += 1
        start = time.perf_counter()
        time.sleep(ms / 1000)
        return (time.perf_counter() - start) * 1000

    @tool
    def cpu_bound(self, ms: float) -> float:
        """Compute until ``ms`` milliseconds of CPU time are used, and return how many were really used."""
        self._calls += 1
        start = time.thread_time()
        while (used := (time.thread_time() - start) * 1000) < ms:
            sum(range(1000))
        return used

    @tool
    def lightweight(self, i: int) -> int:
        """Return the square of ``i``: a call with almost no work, whose answer differs from that of other calls."""
        self._calls += 1
        return i * i

    @tool
    def allocate(self, mb: int, hold: bool = False) -> int:
        """Allocate and touch ``mb`` megabytes, keep them if ``hold`` is true, and return how many bytes are kept."""
        self._calls += 1
        block = bytearray(mb * _MEGABYTE)
        block[::4096] = b"\1" * len(block[::4096])
        if hold:
            self._held.append(block)
        return sum(map(len, self._held))
