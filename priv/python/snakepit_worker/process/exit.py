"""Ends a process without the tear-down of the Python interpreter."""

from __future__ import annotations

import os
from typing import NoReturn

from . import output

# The exit code of a process that could not be forked. It has printed why.
EXIT_NOT_FORKED = 73


def exit_now(status: int) -> NoReturn:
    """End this process with the exit code ``status``, after writing all buffered output.

    It skips the interpreter's tear-down, which would wait for threads, such as those of gRPC or of an adapter. The
    kernel frees all resources.
    """
    output.flush()
    os._exit(status)
