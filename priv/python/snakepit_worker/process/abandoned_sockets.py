"""Removes the directory of the host's sockets when the host was killed and could not remove it. Linux only.

The rules are those by which the next start of a pool removes such directories (AbandonedDirectories in .NET): the host
holds the lock of a file in its directory while it lives, and nothing but sockets and that file is ever deleted.
"""

from __future__ import annotations

import contextlib
import fcntl
import stat
from time import monotonic, sleep

from ..originals import os

_LOCK = "owner.lock"
_SOCKET = ".sock"
# The kernel closes the files of a host that was killed one after another, so the lock may be held a little longer.
_PATIENCE = 0.1  # seconds
_PAUSE = 0.001


def remove(directory: str) -> None:
    """Remove a directory of sockets if its owner has ended; leave it as it is if that is not certain."""
    with contextlib.suppress(OSError):  # it is gone already, or somebody else's; the next start of a pool looks at it
        held = os.open(f"{directory}/{_LOCK}", os.O_RDWR | os.O_CLOEXEC | os.O_NOFOLLOW)
        try:
            if _is_own(directory) and _lock(held) and _is_at(held, f"{directory}/{_LOCK}"):
                _delete(directory)
        finally:
            os.close(held)


def _is_own(directory: str) -> bool:
    facts = os.lstat(directory)
    return stat.S_ISDIR(facts.st_mode) and stat.S_IMODE(facts.st_mode) == stat.S_IRWXU and facts.st_uid == os.geteuid()


def _lock(held: int) -> bool:
    deadline = monotonic() + _PATIENCE
    while True:
        try:
            fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if monotonic() > deadline:
                return False
            sleep(_PAUSE)
        else:
            return True


def _is_at(held: int, path: str) -> bool:
    """Tell whether the locked file is still the one at the path, and not one of a new directory with the same name."""
    return os.path.samestat(os.fstat(held), os.lstat(path))


def _delete(directory: str) -> None:
    files = os.listdir(directory)
    if all(name == _LOCK or name.endswith(_SOCKET) for name in files):
        for name in files:
            os.unlink(f"{directory}/{name}")
        os.rmdir(directory)
