"""The control channel: the socket on which a process reports to its host."""

from __future__ import annotations

import socket
import sys
from typing import TYPE_CHECKING

from .failure import EXIT_REPORTED, EXIT_UNREPORTED, BootFailed, boot_failed

if TYPE_CHECKING:
    from .settings import Settings


def connect(settings: Settings) -> socket.socket:
    """Open the control channel. Programs that tools start do not inherit it."""
    control = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    control.settimeout(None)  # an adapter may have set another default
    control.connect(settings.control)
    return control


def report_hello(control: socket.socket, worker: int) -> None:
    """Tell the host which process this is; raises BootFailed if the protocol cannot be loaded."""
    try:
        from . import reports
    except Exception as error:
        raise boot_failed("RUNTIME_MISSING", "protobuf does not work here", error) from error
    reports.hello(control, worker)


def report_failure(control: socket.socket, failed: BootFailed) -> int:
    """Tell the host why this process cannot serve, and return the exit code to end with."""
    try:
        from . import reports
    except Exception:  # without protobuf, standard error is the only way left
        print(f"{failed.message}\n{failed.trace}", file=sys.stderr, flush=True)
        return EXIT_UNREPORTED
    reports.boot_failure(control, failed)
    return EXIT_REPORTED
