"""Why a process cannot begin to serve."""

from __future__ import annotations

# The exit codes of a process that cannot serve. With the first, it has sent a BootFailure report. With the second, it
# has printed the reason instead, because protobuf is missing and no report can be made.
EXIT_REPORTED = 71
EXIT_UNREPORTED = 72


class BootFailed(Exception):
    """The reason why this process cannot serve, as the host is told it."""

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
