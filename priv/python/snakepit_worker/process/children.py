"""Child processes: noticing that a child has exited, reaping it, and signalling a child and its process group."""

from __future__ import annotations

from collections.abc import Callable
from types import FrameType

from ..originals import os, select, signal

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
        try:
            os.read(self.descriptor, _READ_SIZE)
        except BlockingIOError:
            pass  # it was empty

    def wait(self, seconds: float) -> bool:
        """Wait until the descriptor is readable. Return False if it is not after this time."""
        poll = select.poll()
        poll.register(self.descriptor, select.POLLIN)
        return bool(poll.poll(max(0.0, seconds) * 1000))

    def close(self) -> None:
        """Close the descriptors, in a forked process that does not watch its children."""
        os.close(self.descriptor)
        os.close(self._wakeup)


def _do_nothing(number: int, frame: FrameType | None) -> None:
    pass


def ended_child(pid: int | None = None) -> int | None:
    """Return the process id of a child that has exited but has not been reaped, or that of the child ``pid``.

    Return None if there is none.
    """
    which = (os.P_ALL, 0) if pid is None else (os.P_PID, pid)
    try:
        ended = os.waitid(*which, os.WEXITED | os.WNOHANG | os.WNOWAIT)
    except ChildProcessError:
        return None
    return None if ended is None else ended.si_pid


def is_child(pid: int) -> bool:
    """Tell whether a process is a child of this one that has not been reaped."""
    try:
        os.waitid(os.P_PID, pid, os.WEXITED | os.WNOHANG | os.WNOWAIT)
    except ChildProcessError:
        return False
    return True


def reap_ended(ended: Callable[[int, int], None], keep: int | None = None) -> bool:
    """Reap the children that have exited, and call ``ended(pid, status)`` for each. Return False if no child is left.

    Once the child ``keep`` has exited, stop without reaping it.
    """
    while (pid := ended_child()) is not None and pid != keep:
        ended(*os.waitpid(pid, 0))
    try:
        os.waitid(os.P_ALL, 0, os.WEXITED | os.WNOHANG | os.WNOWAIT)
    except ChildProcessError:
        return False
    return True


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
