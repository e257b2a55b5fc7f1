"""An adapter that takes nearly all that a limit allows, as PROBE_TAKES says: "descriptors" or "memory".

It takes it at the import or in start(), as PROBE_WHEN says, and leaves as many file descriptors as PROBE_LEFT says.
"""

from __future__ import annotations

import asyncio
import os
import resource
from pathlib import Path

from snakepit_worker import tool

_held: list[int] = []


def _take() -> None:
    if os.environ["PROBE_TAKES"] == "memory":
        mapped = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
        _, hard = resource.getrlimit(resource.RLIMIT_AS)
        resource.setrlimit(resource.RLIMIT_AS, (mapped + 6 * 1024 * 1024, hard))  # less than the stack of a thread
        return
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (200, hard))
    try:
        while True:
            _held.append(os.open(os.devnull, os.O_RDONLY))
    except OSError:
        for _ in range(int(os.environ["PROBE_LEFT"])):
            os.close(_held.pop())


def start() -> None:
    if os.environ["PROBE_WHEN"] == "start":
        _take()


@tool
def answer() -> int:
    return 42


@tool
async def answer_later() -> int:
    await asyncio.sleep(0)
    return 43


if os.environ["PROBE_WHEN"] == "import":
    _take()
