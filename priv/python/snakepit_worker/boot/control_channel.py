"""The control channel: a process sends reports to its host on this socket, and the host sends commands to it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..originals import socket
from ..process import forks, limits, output
from .failure import EXIT_REPORTED, EXIT_UNREPORTED, BootFailed, boot_failed

if TYPE_CHECKING:
    from .settings import Settings


def connect(settings: Settings) -> socket.socket:
    """Open the control channel. Programs that tools start do not inherit it."""
    control = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    control.settimeout(None)  # the adapter may have set a default timeout
    try:
        control.connect(settings.control)
    except OSError as error:  # Python's own message does not name the socket
        raise OSError(error.errno, error.strerror, settings.control) from None
    forks.keep_from_forks(control.fileno())
    return control


def report_hello(control: socket.socket, worker: int) -> None:
    """Tell the host the number and process id of this process; raises BootFailed if protobuf cannot be imported."""
    try:
        from . import reports
    except Exception as error:
        if limits.is_limit(error):
            raise
        raise boot_failed("RUNTIME_MISSING", "protobuf does not work here", error) from error
    reports.hello(control, worker)


def report_failure(control: socket.socket, failed: BootFailed) -> int:
    """Tell the host why this process cannot serve calls, and return the exit code that the process must end with."""
    try:
        from . import reports
    except Exception:  # without protobuf no report can be sent, so the reason is printed
        output.log(f"{failed.message}\n{failed.trace}\n")
        return EXIT_UNREPORTED
    reports.boot_failure(control, failed)
    return EXIT_REPORTED
