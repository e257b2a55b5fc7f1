"""Ends a process without the tear-down of the Python interpreter."""

from __future__ import annotations

import errno
import os
from typing import NoReturn

from . import output

# The exit code of a process for which the system has no process, thread, memory or file descriptor. The last line that
# it has printed says what was refused.
EXIT_SYSTEM_LIMIT = 73

_LIMITS = (errno.EAGAIN, errno.ENOMEM, errno.EMFILE, errno.ENFILE)


def exit_code_of(error: BaseException) -> int:
    """Return the exit code of a process that ``error`` ends."""
    refused = isinstance(error, MemoryError) or (isinstance(error, OSError) and error.errno in _LIMITS)
    # Python has no type for a thread that could not be started.
    return EXIT_SYSTEM_LIMIT if refused or "can't start new thread" in str(error) else 1


def exit_now(status: int) -> NoReturn:
    """End this process with the exit code ``status``, after writing all buffered output.

    It skips the interpreter's tear-down, which would wait for threads, such as those of gRPC or of an adapter. The
    kernel frees all resources.
    """
    output.flush()
    os._exit(status)
