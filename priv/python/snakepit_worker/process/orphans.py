"""Kills processes that outlive the process that they come from. Linux only.

A process whose parent has ended gets its nearest ancestor that is a subreaper as its new parent. Templates are
subreapers, and so are the keepers of spawned workers (see keeper.py).
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Collection
from time import monotonic

from ..originals import os, signal
from . import output
from .children import ChildWatch, reap_ended, signal_group
from .origins import Origins

_PATIENCE = 2.0  # seconds


def kill_those_of_ended_workers(origins: Origins, workers: Collection[int], living: Collection[int]) -> None:
    """Kill the children of this process that come from an ended worker.

    ``workers`` are the process ids of the workers, which are children too; ``living`` are their numbers in ``origins``.
    When a killed process has ended, its children become children of this process, and the next call of this function
    kills them.
    """
    for child in set(children()).difference(workers):
        origin = origins.worker_of(child)
        if origin is not None and origin not in living:
            _kill(child)


def leave_nothing(watch: ChildWatch, ended: Callable[[int, int], None] = lambda pid, status: None) -> None:
    """Kill and reap this process's descendants, and log the process ids of those that cannot be killed."""
    left = kill_all(watch, ended, _PATIENCE)
    if left:
        output.log(f"processes {left} could not be killed within {_PATIENCE:g} s\n")


def kill_all(watch: ChildWatch, ended: Callable[[int, int], None], patience: float) -> list[int]:
    """Kill and reap this process's descendants; return those that are still its children after ``patience`` seconds.

    A process remains if it waits in the kernel for a device, or if it belongs to another user. ``ended(pid, status)``
    is called for each process that was reaped.
    """
    deadline = monotonic() + patience
    while True:
        watch.clear()
        left = children()
        killed = [child for child in left if _kill(child)]
        if not reap_ended(ended):
            return []
        if left and not killed:
            return left
        # Processes may have started others before they were killed. These are children of this process as soon as
        # their parent has ended, which is also when this process gets SIGCHLD.
        if not watch.wait(deadline - monotonic()):
            return children()


def children() -> list[int]:
    """Return the process ids of this process's children. One that is just being started or reaped may be missing."""
    found: list[int] = []
    for thread in os.listdir("/proc/self/task"):
        with (
            contextlib.suppress(FileNotFoundError),
            open(f"/proc/self/task/{thread}/children") as opened,
        ):  # a thread may have ended
            found.extend(map(int, opened.read().split()))
    return found


def _kill(child: int) -> bool:
    """Kill a child of this process; return False if the kernel does not permit it.

    The child has not been reaped, so its process id cannot belong to another process. If the child has left the session
    of this process, its whole process group comes from the same worker and is killed with it. That is done in one step,
    so it also ends a group whose processes start others faster than they can be found one by one.
    """
    try:
        os.kill(child, signal.SIGKILL)
        if os.getsid(child) != os.getsid(0):
            signal_group(os.getpgid(child), signal.SIGKILL)
    except PermissionError:
        return False
    return True
