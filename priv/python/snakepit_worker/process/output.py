"""Where a process's standard output and standard error go."""

from __future__ import annotations

import ctypes
import logging
import os
import sys

_LINE_BUFFERED = 1  # _IOLBF

_libc = ctypes.CDLL(None)


def redirect_to_standard_error() -> None:
    """Send all that this process, its C code and its children print to standard error.

    Python and C write line by line from then on, so that the last lines before a crash are not lost. Python writes
    UTF-8, whatever the locale says.
    """
    flush()
    os.dup2(2, 1)
    _libc.setvbuf(ctypes.c_void_p.in_dll(_libc, "stdout"), None, _LINE_BUFFERED, ctypes.c_size_t(0))
    for name, descriptor in (("stdout", 1), ("stderr", 2)):
        setattr(sys, name, os.fdopen(descriptor, "w", 1, encoding="utf-8", errors="backslashreplace", closefd=False))


def redirect_to(descriptor: int) -> None:
    """Make ``descriptor`` the standard output and standard error of this process."""
    os.dup2(descriptor, 1)
    os.dup2(descriptor, 2)


def log_to_standard_error() -> None:
    """Give the root logger a handler, unless the adapter has given it one."""
    logging.basicConfig(level=logging.INFO, format="%(levelname)s %(name)s: %(message)s")


def flush() -> None:
    """Write what Python and C still buffer, if it can be written."""
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except Exception:  # closed, broken, or replaced by the adapter with an object of its own
            pass
    _libc.fflush(None)
