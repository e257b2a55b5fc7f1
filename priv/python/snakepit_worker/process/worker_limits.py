"""The limits that the options of the pool set for a worker. It is imported only if there are any."""

from __future__ import annotations

import errno
import math
import resource

from ..originals import os

_OPTIONS = "SnakepitOptions.Limits"
# What the worker may still use after SIGXCPU, if a tool handles this signal; then the kernel kills it.
_SECONDS_AFTER_SIGNAL = 5


def hold_to(limits: dict[str, int]) -> None:
    """Hold this process, and the programs that it starts, to ``limits``.

    Their names are memory (bytes of data), cpu (seconds), files (open at a time), nice (a level) and umask (permissions
    as bits). Raises OSError if this process may not set a limit, or has used more than it allows already.
    """
    if "umask" in limits:
        os.umask(limits["umask"])
    if "nice" in limits:
        _set_nice_level(limits["nice"])
    if "files" in limits:
        _set(resource.RLIMIT_NOFILE, limits["files"], f"{_OPTIONS}.OpenFiles", errno.EMFILE)
    if "cpu" in limits:
        most = limits["cpu"] + _SECONDS_AFTER_SIGNAL
        _set(resource.RLIMIT_CPU, limits["cpu"], f"{_OPTIONS}.CpuTime (in seconds)", errno.EAGAIN, most)
    if "memory" in limits:
        _set_memory(limits["memory"])


def _set_nice_level(level: int) -> None:
    try:
        os.setpriority(os.PRIO_PROCESS, 0, level)
    except PermissionError:
        now = os.getpriority(os.PRIO_PROCESS, 0)
        problem = f"{_OPTIONS}.NiceLevel is {level}, and this user may not go below {now}, the level of the program"
        raise OSError(errno.EAGAIN, problem) from None


def _set_memory(most: int) -> None:
    used = _data_bytes()
    if used >= most:
        problem = f"{_OPTIONS}.MemoryBytes is {most:,}, and the worker has {used:,} bytes of data before its first call"
        raise OSError(errno.ENOMEM, problem)
    _set(resource.RLIMIT_DATA, most, f"{_OPTIONS}.MemoryBytes", errno.ENOMEM)


def _set(limit: int, value: int, option: str, number: int, most: int | None = None) -> None:
    _, allowed = resource.getrlimit(limit)
    highest = value if most is None else most
    try:
        resource.setrlimit(limit, (value, highest if allowed == resource.RLIM_INFINITY else min(highest, allowed)))
    except (ValueError, OSError):  # ValueError says that the lower limit is above the higher one
        bound = math.inf if allowed == resource.RLIM_INFINITY else allowed
        raise OSError(number, f"{option} is {value:,}, and this process may have no more than {bound:,}") from None


def _data_bytes() -> int:
    """Return the bytes that count for the limit of data."""
    with open("/proc/self/status") as opened:
        return next(int(line.split()[1]) * 1024 for line in opened if line.startswith("VmData:"))
