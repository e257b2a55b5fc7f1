"""Ends processes that outlive a worker because they have left its process group, as ``start_new_session`` makes them.

The template is their subreaper: they become its children when their parent ends. A variable in the environment that
they were started with tells which worker of which template they come from. Linux only.
"""

from __future__ import annotations

import contextlib
import glob
import os
import signal
from collections.abc import Collection

_MARK = "SNAKEPIT_WORKER"


def mark_own() -> None:
    """Mark every program that this worker starts, and those that they start, as coming from this worker."""
    os.environ[_MARK] = f"{os.getppid()}:{os.getpid()}"


def kill_those_of_ended_workers(living: Collection[int]) -> None:
    """Kill the children of this process that come from a worker which is not among the ``living``.

    When they have ended, their own children become this process's children, and the next call kills them.
    """
    for child in set(_children()).difference(living):
        origin = _origin(child)
        if origin is not None and origin not in living:
            _kill(child)


def kill_all() -> None:
    """Kill and reap the children of this process, and theirs, until none is left that it may kill."""
    while killed := [child for child in _children() if _kill(child)]:
        for child in killed:
            os.waitpid(child, 0)


def _children() -> list[int]:
    children: list[int] = []
    for listed in glob.glob("/proc/self/task/*/children"):
        with contextlib.suppress(FileNotFoundError), open(listed) as opened:  # the thread may have ended meanwhile
            children.extend(map(int, opened.read().split()))
    return children


def _origin(process: int) -> int | None:
    """Return the worker of this template that a process comes from, None if it comes from none or cannot be read."""
    try:
        with open(f"/proc/{process}/environ", "rb") as opened:
            variables = opened.read().split(b"\0")
    except OSError:  # it has ended, or belongs to another user
        return None
    # The mark names the template too, because a program that a tool starts may have a pool of its own.
    prefix = f"{_MARK}={os.getpid()}:".encode()
    marks = [variable[len(prefix) :] for variable in variables if variable.startswith(prefix)]
    return int(marks[0]) if marks and marks[0].isdigit() else None


def _kill(child: int) -> bool:
    """Kill a child; False if that is not allowed. A child that has not been reaped keeps its number to itself."""
    try:
        os.kill(child, signal.SIGKILL)
    except PermissionError:
        return False
    return True
