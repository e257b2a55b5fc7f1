"""Checks that an adapter has left the process as the worker needs it."""

from __future__ import annotations

from ..api.log import file_of
from ..originals import os
from ..process import limits, output, threads
from .failure import EXIT_CUT_OFF, BootFailed

_NEEDED = 8  # file descriptors: a worker opens up to 7, with gRPC and an event loop
_PRINTED_TO = (1, 2)  # the adapter may let them lead elsewhere, but what it closes is taken by the next file or socket


class Integrity:
    """What an adapter must not change while it is imported and prepared: the process, and its links to the host."""

    def __init__(self, *descriptors: int) -> None:
        """Note the process, and the files of the ``descriptors``."""
        self._process = os.getpid()
        self._files = {descriptor: file_of(descriptor) for descriptor in (*descriptors, output.descriptor())}

    def check(self) -> None:
        """End the process if it is a copy that the adapter has forked, or if it is cut off from its host.

        The reason is logged, because the control channel cannot be used any more. If no descriptor leads to the log any
        more, the exit code tells the reason.
        """
        if os.getpid() != self._process:
            output.log(
                "CRITICAL snakepit.worker: the adapter has forked while it was imported or prepared, and has let the "
                "child go on, as daemons do; a worker must stay the process that the pool has started\n"
            )
            os._exit(1)
        is_cut_off = any(file_of(descriptor) != file for descriptor, file in self._files.items())
        if is_cut_off or any(file_of(descriptor) is None for descriptor in _PRINTED_TO):
            output.log(
                "CRITICAL snakepit.worker: the adapter has closed file descriptors that it has not opened (perhaps "
                "with os.closerange), and with them the connection to the pool or its log; close only what the "
                "adapter has opened\n"
            )
            os._exit(EXIT_CUT_OFF)


def require_descriptors() -> None:
    """Raise OSError if the adapter has left too few file descriptors for a worker. gRPC, for one, would only hang."""
    limits.require_descriptors(_NEEDED, "a worker")


def require_threads(what: str) -> None:
    """Raise BootFailed if a library has replaced threads; ``what`` needs real ones."""
    if not threads.are_real():
        raise BootFailed(
            "ADAPTER",
            f"the adapter, or a library that it imports, has replaced Python's threads (as gevent.monkey.patch_all() "
            f"does), and {what} needs real threads: leave threads as they are, such as with "
            "monkey.patch_all(thread=False), or serve plain tools only, one at a time, with WorkerTransport.Direct",
            "",
        )
