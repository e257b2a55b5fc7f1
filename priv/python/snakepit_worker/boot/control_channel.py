"""The control channel: the socket on which a process reports to its host.

The protocol is imported only when it is needed, because protobuf may be missing and the host must be told so.
"""

from __future__ import annotations

import os
import socket
import sys
from typing import TYPE_CHECKING

from .failure import EXIT_REPORTED, EXIT_UNREPORTED, BootFailed, boot_failed

if TYPE_CHECKING:
    from .settings import Settings

_PYTHON_VERSION = ".".join(map(str, sys.version_info[:3]))


def connect(settings: Settings) -> socket.socket:
    """Open the control channel. Programs that tools start do not inherit it."""
    control = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    control.settimeout(None)  # an adapter may have set another default
    control.connect(settings.control)
    return control


def report_hello(control: socket.socket, worker: int) -> None:
    """Tell the host which process this is; raises BootFailed if the protocol cannot be loaded."""
    try:
        from ..protocol.framing import framed
        from ..protocol.messages import Report
    except Exception as error:
        raise boot_failed("RUNTIME_MISSING", "protobuf does not work here", error) from error
    control.sendall(framed(Report(hello={"worker": worker, "pid": os.getpid(), "python_version": _PYTHON_VERSION})))


def report_failure(control: socket.socket, failed: BootFailed) -> int:
    """Tell the host why this process cannot serve, and return the exit code to end with."""
    try:
        from ..protocol.framing import framed
        from ..protocol.messages import BootFailure, Report
    except Exception:  # without protobuf, standard error is the only way left
        print(f"{failed.message}\n{failed.trace}", file=sys.stderr, flush=True)
        return EXIT_UNREPORTED
    kind = BootFailure.Kind.Value(failed.kind)
    report = {"kind": kind, "message": failed.message, "traceback": failed.trace}
    control.sendall(framed(Report(boot_failure=report)))
    return EXIT_REPORTED
