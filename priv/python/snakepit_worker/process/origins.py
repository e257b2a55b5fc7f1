"""Marks the processes that come from a template or a worker, and reads the mark of a worker.

The mark is a resource limit, because every child inherits its parent's limits, and keeps them when it starts a program,
when its environment is emptied, when it moves to another session and when its parent ends. The limit is RLIMIT_RTTIME.
It bounds how long a process with a real-time scheduling policy may compute without sleeping, and has no effect on other
processes. The marks are limits of more than 10,000 years. A process loses its mark only if it sets this limit itself.

A program that a tool starts may have a Snakepit pool of its own. A process may lower its limits but not raise them, so
the workers of that pool have marks below the mark of the worker that has started the program. The marks of that worker
and of everything below it lie in an interval of their own. Therefore a template knows from which of its own workers a
process comes, however many pools lie between them. Three levels of pools can be told apart.

That is the hard limit. The soft limit, which lies below it, is the mark of the nearest template. The host has chosen it
at random. If a template is killed, the host finds by this mark what the template can no longer kill. Linux only.
"""

from __future__ import annotations

import resource
from itertools import pairwise

_NO_LIMIT = 1 << 62
_STEPS = (1 << 40, 1 << 20, 1)  # the distance between the marks of two workers, on each level of pools
_NUMBERS = 1 << 20  # later numbers of workers have the marks of earlier ones, whose processes have ended long ago
_LINE = b"Max realtime timeout"


def mark_template(mark: int) -> None:
    """Mark this process, a template, and all its later children, if the system permits it."""
    _, limit = resource.getrlimit(resource.RLIMIT_RTTIME)
    _set(mark, _NO_LIMIT if limit == resource.RLIM_INFINITY else limit)


class Origins:
    """The marks that a template gives to its workers."""

    def __init__(self) -> None:
        """Choose the marks below the limit of this process, which is the template."""
        self._mark, limit = resource.getrlimit(resource.RLIMIT_RTTIME)
        self._limit = _NO_LIMIT if limit == resource.RLIM_INFINITY else limit
        self._step = _step_below(self._limit)

    def mark_own(self, worker: int) -> bool:
        """Mark this process, a fork of the template, and all its later children. Return False if that is impossible.

        It is impossible if a system administrator has limited the real-time computing of this service, or if a sandbox
        forbids it.
        """
        return self._step != 0 and _set(self._mark, self._limit - number_of(worker) * self._step)

    def worker_of(self, process: int) -> int | None:
        """Return ``number_of`` the worker that ``process`` comes from; None if it comes from no worker."""
        mark = _limit_of(process)
        if mark is None or self._step == 0:
            return None
        number = (self._limit - mark) // self._step
        return number if 0 < number < _NUMBERS else None


def number_of(worker: int) -> int:
    """Return the number by which a mark names a worker."""
    return worker % (_NUMBERS - 1) + 1


def _set(template: int, worker: int) -> bool:
    # A soft limit above the hard one, or none at all, is no mark.
    soft = template if 0 <= template <= worker else worker
    try:
        resource.setrlimit(resource.RLIMIT_RTTIME, (soft, worker))
    except (OSError, ValueError):
        return False
    return True


def _step_below(limit: int) -> int:
    """Return the distance between marks below ``limit``, which is itself a mark if this template is below a pool."""
    below = _NO_LIMIT - limit
    if below == 0:
        return _STEPS[0]
    if below < _NUMBERS * _STEPS[0]:
        for step, finer in pairwise(_STEPS):
            if below % step == 0:
                return finer
    return 0


def _limit_of(process: int) -> int | None:
    """Return the limit RLIMIT_RTTIME of a process; None if it has no such limit, or has ended."""
    try:
        with open(f"/proc/{process}/limits", "rb") as opened:
            line = next((line for line in opened if line.startswith(_LINE)), b"")
    except OSError:  # the process has ended, or /proc hides it
        return None
    values = line.removeprefix(_LINE).split()
    return int(values[1]) if len(values) > 1 and values[1].isdigit() else None
