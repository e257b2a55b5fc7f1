"""The keeper: a small process above a spawned worker, which leaves nothing of it behind.

The keeper is the subreaper of its child and of everything that the child starts, so each of these processes is below it
for as long as it runs, whatever its environment, session or process group is. When the child has ended, or the host,
the keeper kills all processes that are left, and ends with the child's exit code. It runs no code of the user's, so it
cannot be kept from that, except by a signal that kills or stops the keeper itself. Then the kernel kills the child.

The keeper is the process that the host has started, and its child is a fork of it. It forks before the adapter and
protobuf are imported, so it costs about 1.5 MB and 10 ms. A template has no keeper, because all its workers would start
later by that time. It does the work itself: it runs no code of the user's while it has workers. Linux only.
"""

from __future__ import annotations

import contextlib
import os
import select
import signal
import sys
from typing import NoReturn

from . import lifeline, orphans
from .children import ChildWatch, ended_child, reap_ended, signal_with_group
from .exit import EXIT_SYSTEM_LIMIT

NAME = "snakepit-keeper"

_LIFELINE = 0
_KEPT = "SNAKEPIT_KEPT_BY"  # exists only while a kept process starts Python anew


def fork_kept_process() -> None:
    """Return in a fork of this process, which is from now on the keeper of that fork and does not return.

    A fork has only one thread. If a sitecustomize module has started others, the fork therefore starts Python anew.
    """
    if os.environ.pop(_KEPT, None) == str(os.getppid()):
        return
    lifeline.leave_terminal()
    lifeline.become_subreaper()
    threads = len(os.listdir("/proc/self/task"))
    former = signal.pthread_sigmask(signal.SIG_BLOCK, signal.valid_signals())
    keeper = os.getpid()
    try:
        pid = os.fork()
    except OSError as error:
        print(f"this process could not be forked: {error}", file=sys.stderr, flush=True)
        os._exit(EXIT_SYSTEM_LIMIT)
    if pid != 0:
        _keep(pid)
    lifeline.end_with_parent(keeper)
    signal.pthread_sigmask(signal.SIG_SETMASK, former)
    if threads > 1:
        os.environ[_KEPT] = str(keeper)
        os.execv(sys.executable, sys.orig_argv)


def _keep(pid: int) -> NoReturn:
    """Wait until the child ``pid`` or the host has ended, kill what is left, and end with the child's exit code."""
    _ignore_signals()  # they are meant for the child
    os.setpgid(0, 0)
    lifeline.name_process(NAME)
    with contextlib.suppress(OSError):  # the host may have closed it
        os.close(1)  # the host's standard output
    codes: dict[int, int] = {}

    def ended(child: int, status: int) -> None:
        if child == pid:
            codes[pid] = os.waitstatus_to_exitcode(status)

    watch = ChildWatch()
    watch.start()
    signal.pthread_sigmask(signal.SIG_SETMASK, [])
    poll = select.poll()
    poll.register(_LIFELINE, 0)  # with the mask 0, poll reports only that the host's end of the lifeline is closed
    poll.register(watch.descriptor, select.POLLIN)
    while ended_child(pid) is None and all(descriptor != _LIFELINE for descriptor, _ in poll.poll()):
        watch.clear()
        reap_ended(ended, keep=pid)
    signal_with_group(pid, signal.SIGKILL)  # before it is reaped: after that, its process id may be reused
    orphans.leave_nothing(watch, ended)
    code = codes.get(pid, -signal.SIGKILL)
    os._exit(code if code >= 0 else 128 - code)  # the host reads an exit code above 128 as a signal


def _ignore_signals() -> None:
    # If SIGCHLD were ignored, the kernel would reap the children itself, and their exit codes would be lost.
    for number in signal.valid_signals() - {signal.SIGCHLD}:
        with contextlib.suppress(OSError):  # SIGKILL and SIGSTOP cannot be ignored
            signal.signal(number, signal.SIG_IGN)
