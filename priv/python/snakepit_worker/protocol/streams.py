"""Types of the functions and servers that carry frames between the host and a worker.

The types are for annotations only: no code imports this module at run time.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Protocol, TypeAlias

from .frames import HostFrame, WorkerFrame
from .value_frame import ValueFrame

# The frames from the host, in order of arrival. The iterator ends with the stream, and raises if the transport fails.
Frames: TypeAlias = Iterator[HostFrame]
# A frame from the worker.
Frame: TypeAlias = WorkerFrame | ValueFrame
Send: TypeAlias = Callable[[Frame], None]
# A function that answers the frames of one host until the host's stream ends.
Serve: TypeAlias = Callable[[Frames, Send], None]


class Server(Protocol):
    """A transport's server in a worker: it serves one host on one Unix socket."""

    endpoint: str

    def run(self, listening: Callable[[], None]) -> None:
        """Call ``listening`` once a host can connect, then serve one host until its stream ends."""
        ...


# Creates a server from the path of its socket, the function that serves its host, and the maximum payload in bytes.
MakeServer: TypeAlias = Callable[[str, Serve, int], Server]
