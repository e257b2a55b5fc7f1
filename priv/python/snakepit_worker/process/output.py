"""Where a process's standard output goes."""

from __future__ import annotations

import ctypes
import logging
import os
import sys

_LINE_BY_LINE = 1  # _IOLBF

_libc = ctypes.CDLL(None)


def take_over() -> None:
    """Make standard error the one place that this process, its C code and its children print to.

    Python's own writers are opened anew: in UTF-8 whatever the locale says. They and C's write line by line, so that
    the last lines before a crash are not lost.
    """
    flush()
    os.dup2(2, 1)
    _libc.setvbuf(ctypes.c_void_p.in_dll(_libc, "stdout"), None, _LINE_BY_LINE, ctypes.c_size_t(0))
    for name, descriptor in (("stdout", 1), ("stderr", 2)):
        setattr(sys, name, os.fdopen(descriptor, "w", 1, encoding="utf-8", errors="backslashreplace", closefd=False))


def send_to(descriptor: int) -> None:
    """Make ``descriptor`` the standard output and standard error from here on."""
    os.dup2(descriptor, 1)
    os.dup2(descriptor, 2)


def log_to_standard_error() -> None:
    """Give the root logger a handler unless the adapter has brought its own."""
    logging.basicConfig(level=logging.INFO, format="%(levelname)s %(name)s: %(message)s")


def flush() -> None:
    """Write out what Python and C still buffer, as far as there is somebody to read it."""
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except Exception:  # closed, broken, or whatever the adapter has put in its place
            pass
    _libc.fflush(None)
