"""An adapter that forks while it is imported, prepared, started and stopped; the forked processes just go on."""

from __future__ import annotations

import atexit
import os

from snakepit_worker import tool


def _fork(where: str) -> None:
    if pid := os.fork():
        print(f"{where}: exit code {os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])}", flush=True)


_fork("import")


def prepare() -> None:
    _fork("prepare")


def start() -> None:
    _fork("start")
    atexit.register(_fork, "exit handler")


def stop() -> None:
    if pid := os.fork():
        print(f"stop: exit code {os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])}", flush=True)
    else:
        raise LookupError("raised while it stops")


@tool
def pid() -> int:
    return os.getpid()
