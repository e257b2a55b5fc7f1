"""An adapter that forks while it is imported, prepared, started and stopped; the forked processes just go on."""

from __future__ import annotations

import atexit
import os
import signal
from typing import Any

from probe_marks import mark

from snakepit_worker import Context, tool


def _fork(where: str) -> None:
    if pid := os.fork():
        print(f"{where}: exit code {os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])}", flush=True)


_fork("import")


def prepare() -> None:
    _fork("prepare")


def start() -> None:
    _fork("start")
    atexit.register(_fork, "exit handler")
    atexit.register(_fork, "last exit handler")


def stop() -> None:
    if pid := os.fork():
        print(f"stop: exit code {os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])}", flush=True)
    else:
        raise LookupError("raised while it stops")


@tool
def pid() -> int:
    return os.getpid()


@tool
def fork_while_host_is_called(marker: str, ctx: Context) -> list[Any]:
    """Fork in a signal handler while this call waits for the host, which waits for ``marker``."""
    pids: list[int] = []

    def handler(*_: object) -> None:
        signal.setitimer(signal.ITIMER_REAL, 0)
        if pid := os.fork():
            pids.append(pid)
            mark(marker)

    before: Any = signal.signal(signal.SIGALRM, handler)
    # The signal is repeated, because Python does not notice one that arrives just before the call begins to wait.
    signal.setitimer(signal.ITIMER_REAL, 0.1, 0.1)
    try:
        answer = ctx.host.call("slow")
    finally:
        signal.signal(signal.SIGALRM, before)
    return [len(pids), answer]


if os.environ.get("PROBE_ASYNC"):

    @tool
    async def pid_async() -> int:
        return os.getpid()
