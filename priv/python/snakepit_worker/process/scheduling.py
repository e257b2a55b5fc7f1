"""How the kernel schedules a worker beside the host that calls it.

A worker sleeps until a call wakes it. A process that is woken may take the processor from whoever runs there, and on a
machine with less processors than workers that is often the host, which was about to deal with the next answer: it comes
back for one answer at a time. As a batch process a worker waits until the host has dealt with all of them. Measured on
two cores: 10 to 16 % more calls a second with many callers, 20 to 24 % with one, and the same or less latency; where
other programs keep all cores busy, it waits for their turns as any batch process does: a P99 of 7.9 instead of 7.0 ms.
"""

from __future__ import annotations

import os


def give_way_to_the_host() -> None:
    """Become a batch process (sched(7)), threads and children included; one with a policy of its own keeps it."""
    if os.sched_getscheduler(0) == os.SCHED_OTHER:
        try:
            os.sched_setscheduler(0, os.SCHED_BATCH, os.sched_param(0))
        except PermissionError:
            pass  # a sandbox forbids it: the worker is scheduled like anybody
