"""Child processes: when one ends, and how to signal one with all that it has started."""

from __future__ import annotations

import os
import signal
from types import FrameType

_READ_SIZE = 64 * 1024


class ChildWatch:
    """Makes a descriptor readable when a child has ended."""

    def __init__(self) -> None:
        """Make the descriptor; ``start`` begins to watch."""
        self.descriptor, self._wakeup = os.pipe()
        os.set_blocking(self.descriptor, False)
        os.set_blocking(self._wakeup, False)

    def start(self) -> None:
        """Watch for ends, and notice those that have happened already."""
        signal.signal(signal.SIGCHLD, _do_nothing)  # Python writes to the wake-up descriptor for a handled signal
        signal.set_wakeup_fd(self._wakeup, warn_on_full_buffer=False)
        if ended_child() is not None:
            os.write(self._wakeup, b"\0")

    def stop(self) -> None:
        """Restore the default handling of the signal.

        It is cheap here. In a forked worker it would write to memory that is shared with the template until then.
        """
        signal.set_wakeup_fd(-1)
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)

    def clear(self) -> None:
        """Make the descriptor unreadable until the next child ends."""
        os.read(self.descriptor, _READ_SIZE)

    def close(self) -> None:
        """Close the descriptors, in a fork that does not watch."""
        os.close(self.descriptor)
        os.close(self._wakeup)


def _do_nothing(number: int, frame: FrameType | None) -> None:
    pass


def ended_child() -> int | None:
    """Return a child that has ended and has not been reaped."""
    try:
        ended = os.waitid(os.P_ALL, 0, os.WEXITED | os.WNOHANG | os.WNOWAIT)
    except ChildProcessError:
        return None
    return None if ended is None else ended.si_pid


def signal_with_group(pid: int, number: int) -> None:
    """Signal a child that has not been reaped, with its process group if it leads one already."""
    if not signal_group(pid, number):
        os.kill(pid, number)


def signal_group(leader: int, number: int) -> bool:
    """Signal a process group, which exists as long as it has a member; False if it does not exist."""
    try:
        os.killpg(leader, number)
    except ProcessLookupError:
        return False
    return True
