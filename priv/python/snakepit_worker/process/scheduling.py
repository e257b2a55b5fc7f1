"""How the kernel schedules a worker beside the host that calls it.

A worker sleeps until a call wakes it. The kernel may let a process that wakes preempt a running one. On a machine with
fewer processors than workers, that is often the host, in the middle of reading answers, which it then reads one at a
time. A worker that is a batch process waits until the host has read all of them. Measured on two cores, this gives 10
to 16 % more calls a second with many callers and 20 to 24 % more with one, at the same or a lower latency. The cost
shows when other programs keep all processors busy, because a batch process then waits for its turn: a P99 of 7.9 ms
instead of 7.0 ms.
"""

from __future__ import annotations

import os


def become_batch_process() -> None:
    """Schedule this process, its threads and its children as batch (sched(7)), unless it has a policy of its own."""
    if os.sched_getscheduler(0) == os.SCHED_OTHER:
        try:
            os.sched_setscheduler(0, os.SCHED_BATCH, os.sched_param(0))
        except PermissionError:
            pass  # a sandbox forbids it; the worker keeps the usual policy
