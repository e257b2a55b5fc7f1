"""The reports that a process sends on the control channel while it starts.

This module needs protobuf, which may be missing. control_channel imports this module late, so that a process without
protobuf can still say what is wrong.
"""

from __future__ import annotations

import sys

from ..originals import os, socket
from ..protocol.control import BootFailure, Report
from ..protocol.framing import framed
from .failure import BootFailed

_PYTHON_VERSION = ".".join(map(str, sys.version_info[:3]))


def hello(control: socket.socket, worker: int) -> None:
    """Tell the host the number of this process (0 for the template), its process id and its Python version."""
    control.sendall(framed(Report(hello={"worker": worker, "pid": os.getpid(), "python_version": _PYTHON_VERSION})))


def prepared(control: socket.socket, extra_threads: int) -> None:
    """Tell the host that the adapter is prepared, and how many threads the process has besides the main thread."""
    control.sendall(framed(Report(prepared={"extra_threads": extra_threads})))


def listening(control: socket.socket, endpoint: str, reads_memory: bool) -> None:
    """Tell the host that it can connect to this worker at ``endpoint``, and whether its memory can be read here."""
    text = os.fsencode(endpoint).decode(errors="replace")  # whatever the encoding of the locale is
    control.sendall(framed(Report(listening={"endpoint": text, "reads_memory": reads_memory})))


def boot_failure(control: socket.socket, failed: BootFailed) -> None:
    """Tell the host why this process cannot serve calls."""
    kind = BootFailure.Kind.Value(failed.kind)
    failure = BootFailure(kind=kind, message=failed.message, traceback=failed.trace)
    control.sendall(framed(Report(boot_failure=failure)))
