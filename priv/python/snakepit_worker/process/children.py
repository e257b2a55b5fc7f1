"""Child processes: noticing that a child has exited, and sending signals to a child and its process group."""

from __future__ import annotations

from types import FrameType

from ..originals import os, signal

_READ_SIZE = 64 * 1024


class ChildWatch:
    """Watches for exits of child processes: its file ``descriptor`` becomes readable when a child has exited."""

    def __init__(self) -> None:
        """Create the file descriptor. Watching begins when ``start`` is called."""
        self.descriptor, self._wakeup = os.pipe()
        os.set_blocking(self.descriptor, False)
        os.set_blocking(self._wakeup, False)

    def start(self) -> None:
        """Begin to watch, and notice children that have exited already."""
        signal.signal(signal.SIGCHLD, _do_nothing)  # Python reports only signals that have a handler
        signal.pthread_sigmask(signal.SIG_UNBLOCK, (signal.SIGCHLD,))  # the adapter may have blocked it
        signal.set_wakeup_fd(self._wakeup, warn_on_full_buffer=False)
        if ended_child() is not None:
            os.write(self._wakeup, b"\0")

    def stop(self) -> None:
        """Stop watching, and restore the default handling of SIGCHLD.

        The template calls this method before it forks. If each forked worker called it instead, the worker would write
        to memory that it shares with the template, and would need a private copy of that memory.
        """
        signal.set_wakeup_fd(-1)
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)

    def clear(self) -> None:
        """Empty the descriptor, so that it is not readable until the next child exits."""
        os.read(self.descriptor, _READ_SIZE)

    def close(self) -> None:
        """Close the descriptors, in a forked process that does not watch its children."""
        os.close(self.descriptor)
        os.close(self._wakeup)


def _do_nothing(number: int, frame: FrameType | None) -> None:
    pass


def ended_child() -> int | None:
    """Return the process id of a child that has exited but has not been reaped; None if there is none."""
    try:
        ended = os.waitid(os.P_ALL, 0, os.WEXITED | os.WNOHANG | os.WNOWAIT)
    except ChildProcessError:
        return None
    return None if ended is None else ended.si_pid


def signal_with_group(pid: int, number: int) -> None:
    """Signal the process group of a child that has not been reaped, or only the child if it leads no group yet."""
    if not signal_group(pid, number):
        os.kill(pid, number)


def signal_group(leader: int, number: int) -> bool:
    """Signal a process group. Return False if the group does not exist, because it has no members."""
    try:
        os.killpg(leader, number)
    except ProcessLookupError:
        return False
    return True
