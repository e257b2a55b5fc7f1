"""Redirects and flushes the standard output and standard error of a process."""

from __future__ import annotations

import ctypes
import fcntl
import logging
import sys

from ..api.log import HostFormatter, HostLog, HostLogger
from ..originals import os

_LINE_BUFFERED = 1  # the constant _IOLBF of C's stdio.h

_libc = ctypes.CDLL(None)


def redirect_to_standard_error() -> None:
    """Redirect to standard error everything that this process, its C code and its children print.

    Afterwards, Python and C write line by line, so that the last lines before a crash are not lost. Python writes
    UTF-8, whatever the locale is.
    """
    flush()
    os.dup2(2, 1)
    HostLog.keep(fcntl.fcntl(2, fcntl.F_DUPFD_CLOEXEC, 3))
    HostLogger.reaches_host = True
    _libc.setvbuf(ctypes.c_void_p.in_dll(_libc, "stdout"), None, _LINE_BUFFERED, ctypes.c_size_t(0))
    for name, descriptor in (("stdout", 1), ("stderr", 2)):
        setattr(sys, name, os.fdopen(descriptor, "w", 1, encoding="utf-8", errors="backslashreplace", closefd=False))


def redirect_to(descriptor: int) -> None:
    """Make ``descriptor`` the standard output and standard error of this process."""
    os.dup2(descriptor, 1)
    os.dup2(descriptor, 2)
    if HostLog.has_own():
        os.dup2(descriptor, HostLog.descriptor, inheritable=False)
        HostLog.keep(HostLog.descriptor)


def descriptor() -> int:
    """Return the descriptor that leads to the log of the host."""
    return HostLog.descriptor


def log(text: str) -> None:
    """Write ``text`` to the log of the host, wherever the standard error of this process leads now."""
    HostLog.write(text)


def log_to_standard_error() -> None:
    """Make the root logger write to standard error, unless the adapter has configured the root logger already."""
    if logging.root.handlers:
        return
    level = logging.INFO if logging.root.level == logging.WARNING else None  # the adapter has set any other level
    handler = logging.StreamHandler()
    handler.setFormatter(HostFormatter())
    logging.basicConfig(level=level, handlers=[handler])


def flush() -> None:
    """Write the output that Python and C still buffer. A stream that cannot be written is ignored."""
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except Exception:  # the stream is closed or broken, or the adapter has replaced it
            pass
    _libc.fflush(None)
