"""Processes that end with their host, whatever they are doing, and whatever ends it.

The lifeline is a pipe whose write end lives only in the host. When the host ends, the kernel closes it and sends
SIGKILL, chosen with F_SETSIG, to the process group that owns the read end. No Python code takes part, so it works in
the middle of C code, with the GIL held, with signals ignored; and it takes a tool's children along, which are in the
group. Linux only.
"""

from __future__ import annotations

import ctypes
import fcntl
import os
import select
import signal

_F_SETSIG = 10
_PR_SET_PDEATHSIG = 1
_PR_SET_CHILD_SUBREAPER = 36
_FIRST_FREE = 10
# A number, because turning the enum's member into one touches memory, of which each worker then has a copy.
_SIGKILL = int(signal.SIGKILL)

_libc = ctypes.CDLL(None, use_errno=True)


def adopt_standard_input() -> int:
    """Move the lifeline away from standard input, tie this process group to it and return its descriptor.

    The process becomes the leader of a group of its own first. Standard input is empty afterwards.
    """
    os.setpgid(0, 0)
    lifeline = fcntl.fcntl(0, fcntl.F_DUPFD_CLOEXEC, _FIRST_FREE)
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.close(nothing)
    _tie(lifeline)
    return lifeline


def adopt_in_fork(lifeline: int, template: int) -> None:
    """Tie a forked worker to the host, through an open file of its own, and to the ``template`` it came from."""
    os.setpgid(0, 0)
    own = os.open(f"/proc/self/fd/{lifeline}", os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    os.close(lifeline)
    _tie(own)
    _prctl(_PR_SET_PDEATHSIG, _SIGKILL)
    if os.getppid() != template:  # it ended before the kernel was asked
        os._exit(1)


def become_subreaper() -> None:
    """Make this process the parent of its descendants' orphans, so that none becomes anybody else's zombie."""
    _prctl(_PR_SET_CHILD_SUBREAPER, 1)


def _tie(lifeline: int) -> None:
    fcntl.fcntl(lifeline, fcntl.F_SETOWN, -os.getpgid(0))
    fcntl.fcntl(lifeline, _F_SETSIG, _SIGKILL)
    fcntl.fcntl(lifeline, fcntl.F_SETFL, fcntl.fcntl(lifeline, fcntl.F_GETFL) | os.O_ASYNC)
    poll = select.poll()
    poll.register(lifeline, 0)
    if poll.poll(0):  # the host ended before the kernel was asked
        os.killpg(0, _SIGKILL)


def _prctl(option: int, value: int) -> None:
    if _libc.prctl(option, value, 0, 0, 0) != 0:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number))
