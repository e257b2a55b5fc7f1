"""Puts a worker into a control group (cgroup v2) of its own, below one that is delegated to the program."""

from __future__ import annotations

import contextlib
import errno
from typing import NoReturn

from ..originals import os

_OPTION = "SnakepitOptions.Limits.Cgroup"
_PREFIX = "snakepit-"  # the host looks for empty groups with this prefix and removes them
_ATTEMPTS = 10


def join(parent: str, settings: dict[str, str]) -> None:
    """Move this process into a new group below ``parent``, with ``settings``: what is written into the group's files.

    Raises OSError with the option and the path if the system refuses it.
    """
    group = f"{parent}/{_PREFIX}{os.getpid()}"
    for attempt in range(1, _ATTEMPTS + 1):
        try:
            with contextlib.suppress(FileExistsError):  # of a process that had this number before
                os.mkdir(group)
            for name, value in settings.items():
                _write(group, name, value)
            _write(group, "cgroup.procs", "0")
            return
        except FileNotFoundError as error:
            # The host removes empty groups, and this one is empty until the process is in it.
            if attempt == _ATTEMPTS or not os.path.isdir(parent) or os.path.isdir(group):
                _refuse(group, error)
        except OSError as error:
            _refuse(group, error)


def _write(group: str, name: str, value: str) -> None:
    path = f"{group}/{name}"
    descriptor = os.open(path, os.O_WRONLY | os.O_CLOEXEC)
    try:
        os.write(descriptor, value.encode())
    except OSError as error:
        error.filename = f"{path} (to write {value})"
        raise
    finally:
        os.close(descriptor)


def _refuse(group: str, error: OSError) -> NoReturn:
    where = error.filename or group
    problem = f"{_OPTION}: {where}: {error.strerror}. {_advice(error)}"
    raise OSError(errno.EAGAIN, problem) from None


def _advice(error: OSError) -> str:
    if isinstance(error, FileNotFoundError):
        return (
            "The group must exist, and the controllers of the settings must be in its cgroup.subtree_control, "
            "such as +memory for memory.max"
        )
    if isinstance(error, PermissionError):
        return "The group must be delegated to the user of the program, as systemd does with Delegate=yes"
    return "See the kernel's documentation of cgroup v2 for the values that it takes"
