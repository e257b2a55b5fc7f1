"""Kills processes that tools have started and that outlive their worker because they have left its process group.

A process leaves the group if it is started with ``start_new_session=True``, for example. The template is the subreaper
of all these processes: they become its children when their parent ends. An environment variable that they inherit
names the worker and the template that they come from. Linux only.
"""

from __future__ import annotations

import contextlib
import glob
from collections.abc import Collection

from ..originals import os, signal

_MARK = "SNAKEPIT_WORKER"


def mark_own() -> None:
    """Set an environment variable that marks all programs started by this worker or its children as this worker's."""
    os.environ[_MARK] = f"{os.getppid()}:{os.getpid()}"


def kill_those_of_ended_workers(living: Collection[int]) -> None:
    """Kill the children of this process that come from a worker whose process id is not among the ``living``.

    When a killed process has ended, its children become children of this process, and the next call of this function
    kills them.
    """
    for child in set(_children()).difference(living):
        origin = _origin(child)
        if origin is not None and origin not in living:
            _kill(child)


def kill_all() -> None:
    """Kill and reap this process's children and their descendants, until none is left that this process may kill."""
    while killed := [child for child in _children() if _kill(child)]:
        for child in killed:
            os.waitpid(child, 0)


def _children() -> list[int]:
    children: list[int] = []
    for listed in glob.glob("/proc/self/task/*/children"):
        with contextlib.suppress(FileNotFoundError), open(listed) as opened:  # a thread may have ended
            children.extend(map(int, opened.read().split()))
    return children


def _origin(process: int) -> int | None:
    """Return the process id of the worker that ``process`` comes from.

    Return None if it comes from no worker of this template, or if its environment cannot be read.
    """
    try:
        with open(f"/proc/{process}/environ", "rb") as opened:
            variables = opened.read().split(b"\0")
    except OSError:  # the process has ended, or belongs to another user
        return None
    # The variable names the template too, because a program that a tool starts may have its own Snakepit pool.
    prefix = f"{_MARK}={os.getpid()}:".encode()
    marks = [variable[len(prefix) :] for variable in variables if variable.startswith(prefix)]
    return int(marks[0]) if marks and marks[0].isdigit() else None


def _kill(child: int) -> bool:
    """Kill a child of this process; return False if the kernel does not permit it.

    The child has not been reaped, so its process id cannot belong to another process.
    """
    try:
        os.kill(child, signal.SIGKILL)
    except PermissionError:
        return False
    return True
