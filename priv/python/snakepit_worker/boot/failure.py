"""Why a process cannot begin to serve."""

from __future__ import annotations

# The host recognises a failed start by these exit codes, which no program uses by convention. The first says that a
# BootFailure report has been sent; the second that protobuf is missing, so that no report could be written.
EXIT_REPORTED = 71
EXIT_UNREPORTED = 72


class BootFailed(Exception):
    """The reason that keeps this process from serving, as the host is told it."""

    def __init__(self, kind: str, message: str, trace: str) -> None:
        """Describe a failure; ``kind`` is a name of the protocol's BootFailure.Kind."""
        super().__init__(message)
        self.kind = kind
        self.message = message
        self.trace = trace


def boot_failed(kind: str, what: str, error: BaseException) -> BootFailed:
    """Return the BootFailed that says ``what`` went wrong and why, with the traceback of the user's part of it."""
    from ..payloads.errors import message_of, traceback_of, type_name

    message = f"{what}: {type_name(error)}: {message_of(error)}"
    return BootFailed(kind, message, traceback_of(error, own_frames=1) if error.__traceback__ else "")
