"""Ends a process when its host ends, whatever the process is doing and however the host ends.

The lifeline is a pipe whose write end exists only in the host. When the host ends, the kernel closes the write end and
sends a signal to the process group that owns the read end; F_SETSIG makes that signal SIGKILL. No Python code takes
part, so the lifeline works while C code runs, while the GIL is held, and while signals are ignored. The group includes
the child processes that tools have started. Linux only.

A template that only waits for commands lets the lifeline wake it instead: it has to kill what its workers have started
before it ends itself.
"""

from __future__ import annotations

import contextlib
import ctypes
import fcntl

from ..originals import os, select, signal

_F_SETSIG = 10
_PR_SET_PDEATHSIG = 1
_PR_SET_NAME = 15
_PR_SET_CHILD_SUBREAPER = 36
_FIRST_FREE = 10
# The numbers of signals. If a worker converted the enum's members to int, the worker would write to memory that it
# shares with the template, and would need a private copy of that memory.
_SIGKILL = int(signal.SIGKILL)
_SIGCONT = int(signal.SIGCONT)

_libc = ctypes.CDLL(None, use_errno=True)


def leave_terminal() -> None:
    """Give up the terminal that the host may run in, for this process and all its later children.

    What asks the terminal, such as getpass or ssh, then fails at once. Otherwise the kernel would stop the whole group
    of processes, because it is in the background of the terminal (SIGTTIN). The process stays in the session of its
    host: one of its own would get another share of the processors, where the kernel schedules by sessions.
    """
    with contextlib.suppress(OSError):  # there is no terminal
        terminal = os.open("/dev/tty", os.O_RDWR | os.O_NOCTTY | os.O_CLOEXEC)
        import termios  # here, because programs that serve others have no terminal

        try:
            fcntl.ioctl(terminal, termios.TIOCNOTTY)
        finally:
            os.close(terminal)


def adopt_standard_input() -> int:
    """Take the lifeline from standard input, tie this process group to it and return its file descriptor.

    Before that, the process becomes the leader of a new process group. Afterwards, standard input is empty.
    """
    os.setpgid(0, 0)
    lifeline = fcntl.fcntl(0, fcntl.F_DUPFD_CLOEXEC, _FIRST_FREE)
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.close(nothing)
    _tie(lifeline)
    return lifeline


def adopt_in_fork(lifeline: int, template: int) -> None:
    """Tie a forked worker to the host, and to the process ``template`` that has forked it.

    An open file has one process group that receives its signals, and a fork shares its open files with its parent. The
    worker therefore opens the lifeline again, to register its own process group.
    """
    os.setpgid(0, 0)
    own = os.open(f"/proc/self/fd/{lifeline}", os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    os.close(lifeline)
    _tie(own)
    end_with_parent(template)


def wake_at_end(lifeline: int) -> None:
    """Let the end of the host only wake this process group, if it is stopped, from now on.

    To be called by a process that waits for the end of the host by itself: the ``lifeline`` can be read then.
    """
    fcntl.fcntl(lifeline, _F_SETSIG, _SIGCONT)


def kill_at_end(lifeline: int) -> None:
    """Let the end of the host kill this process group from now on, also if the host has ended already."""
    fcntl.fcntl(lifeline, _F_SETSIG, _SIGKILL)
    if has_ended(lifeline):
        os.killpg(0, _SIGKILL)


def has_ended(lifeline: int) -> bool:
    """Tell whether the host has ended."""
    poll = select.poll()
    poll.register(lifeline, 0)  # reports only that the other end is closed
    return bool(poll.poll(0))


def end_with_parent(parent: int) -> None:
    """Ask the kernel to kill this process when its parent, the process ``parent``, ends."""
    _prctl(_PR_SET_PDEATHSIG, _SIGKILL)
    if os.getppid() != parent:  # the parent ended before prctl was called
        os._exit(1)


def become_subreaper() -> None:
    """Make this process the new parent of descendants whose parent has ended, so that it can find and reap them."""
    _prctl(_PR_SET_CHILD_SUBREAPER, 1)


def name_process(name: str) -> None:
    """Set the name that lists of processes show, of at most 15 characters."""
    _prctl(_PR_SET_NAME, ctypes.c_char_p(name.encode()))


def _tie(lifeline: int) -> None:
    fcntl.fcntl(lifeline, fcntl.F_SETOWN, -os.getpgid(0))
    fcntl.fcntl(lifeline, _F_SETSIG, _SIGKILL)
    fcntl.fcntl(lifeline, fcntl.F_SETFL, fcntl.fcntl(lifeline, fcntl.F_GETFL) | os.O_ASYNC)
    if has_ended(lifeline):  # before the signal was requested
        os.killpg(0, _SIGKILL)


def _prctl(option: int, value: int | ctypes.c_char_p) -> None:
    if _libc.prctl(option, value, 0, 0, 0) != 0:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number))
