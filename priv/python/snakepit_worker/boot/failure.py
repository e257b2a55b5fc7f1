"""Failures that keep a process from serving calls."""

from __future__ import annotations

from ..process import limits

# The exit codes of a process that cannot serve calls. EXIT_REPORTED means that it has sent a BootFailure report to the
# host. EXIT_UNREPORTED means that it has only printed the reason, because a report needs protobuf, which is missing.
EXIT_REPORTED = 71
EXIT_UNREPORTED = 72
# The exit code of a process whose adapter has closed what leads to the host, so that perhaps nothing can be printed. It
# differs from process.exit.EXIT_SYSTEM_LIMIT, and tells the host the reason by itself.
EXIT_CUT_OFF = 74


class BootFailed(Exception):
    """The reason why this process cannot serve calls, as it is reported to the host."""

    def __init__(self, kind: str, message: str, trace: str) -> None:
        """Describe a failure; ``kind`` is the name of a value of the protocol's enum BootFailure.Kind."""
        super().__init__(message)
        self.kind = kind
        self.message = message
        self.trace = trace


def boot_failed(kind: str, what: str, error: BaseException, own_frames: int = 1) -> BootFailed:
    """Return a BootFailed for ``error``; ``what`` says what failed.

    The traceback begins in the user's code, after ``own_frames`` stack frames of this package.
    """
    from ..payloads.errors import message_of, traceback_of, type_name

    message = f"{what}: {type_name(error)}: {message_of(error)}{limits.note_on(error)}"
    return BootFailed(kind, message, traceback_of(error, own_frames) if error.__traceback__ else "")
