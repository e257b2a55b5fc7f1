"""The limits of the system: tells whether an error comes from one, names it, and notices early that one is reached."""

from __future__ import annotations

import contextlib
import errno

from ..originals import os
from . import output

_DESCRIPTORS = (errno.EMFILE, errno.ENFILE)
_ERRORS = (*_DESCRIPTORS, errno.EAGAIN, errno.ENOMEM)
# Python has no types for these errors: a thread that could not be started, and C libraries that could not be loaded.
_TEXTS = (
    "can't start new thread",
    "failed to map segment from shared object",
    "cannot open shared object file: Too many open files",
)


def is_limit(error: BaseException) -> bool:
    """Tell whether the system has refused a process, thread, memory or file descriptor to this process."""
    if isinstance(error, OSError):
        return error.errno in _ERRORS
    return isinstance(error, MemoryError) or any(text in str(error) for text in _TEXTS)


def line_about(error: BaseException) -> str:
    """Return the line that tells the host what the system has refused. C# finds the limit by its words."""
    text = " ".join(f"{type(error).__name__}: {error}".split()).removesuffix(":")
    return f"{text}{note_on(error)}\n"


def require_descriptors(count: int, what: str) -> None:
    """Raise OSError if this process cannot open the ``count`` file descriptors that ``what`` needs; 8 take 10 µs."""
    opened: list[int] = []
    known = output.descriptor()
    try:
        for _ in range(count):
            opened.append(os.dup(known))
    except OSError as error:
        if error.errno in _DESCRIPTORS:
            found = f"{error.strerror} ({len(opened)} can still be opened, and {what} needs {count})"
            raise OSError(error.errno, found) from None
    finally:
        for descriptor in opened:
            os.close(descriptor)


def note_on(error: BaseException) -> str:
    """Return the limit of memory in words if it may be the cause of ``error``. A thread needs memory for its stack."""
    if not is_limit(error) or (isinstance(error, OSError) and error.errno in _DESCRIPTORS):
        return ""
    with contextlib.suppress(Exception):  # there may be no memory for the module either
        import resource

        for limit, what in (
            (resource.RLIMIT_AS, "map no more than {:,} bytes: ulimit -v"),
            (
                resource.RLIMIT_DATA,
                "hold no more than {:,} bytes of data: SnakepitOptions.Limits.MemoryBytes, or ulimit -d",
            ),
        ):
            most, _ = resource.getrlimit(limit)
            if most != resource.RLIM_INFINITY:
                return f" (this process may {what.format(most)})"
    return ""
