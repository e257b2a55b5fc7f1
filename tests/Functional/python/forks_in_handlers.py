"""An adapter with a signal handler that forks, and in which HOW names how the handler ends in the forked process."""

from __future__ import annotations

import os
import signal
import sys
from typing import Any

from probe_marks import mark

from snakepit_worker import Context, tool

HOW = os.environ["HOW"]
MARKER = os.environ["MARKER"]
pids: list[int] = []


def _handler(*_: object) -> None:
    try:
        if pid := os.fork():
            pids.append(pid)
            mark(MARKER)
            return
        if HOW == "sys.exit(4)":
            sys.exit(4)
        if HOW == "raise":
            _raise()
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)


def _raise() -> None:
    raise LookupError("raised in the forked process")


@tool
def pid() -> int:
    return os.getpid()


@tool
def fork_while_idle() -> None:
    """Fork when the worker waits for its next call."""
    signal.signal(signal.SIGALRM, _handler)
    signal.setitimer(signal.ITIMER_REAL, 0.2)


@tool
def fork_while_host_is_called(ctx: Context) -> Any:
    """Fork while this call waits for the host, which waits for the marker."""
    signal.signal(signal.SIGALRM, _handler)
    # Repeated, because Python does not notice a signal that arrives just before the call begins to wait.
    signal.setitimer(signal.ITIMER_REAL, 0.2, 0.2)
    return ctx.host.call("slow")


@tool
def exit_code() -> int:
    """Return the exit code of the forked process, which has ended without being told to."""
    return os.waitstatus_to_exitcode(os.waitpid(pids.pop(), 0)[1])


if os.environ["HAS_ASYNC_TOOLS"]:

    @tool
    async def pid_async() -> int:
        return os.getpid()
