"""Types of what carries frames between the host and a worker. For annotations only: nothing imports it at run time."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Protocol, TypeAlias

from .frames import HostFrame, WorkerFrame

# The host's frames, in their order. The iterator ends with the stream, and raises if the transport fails.
Frames: TypeAlias = Iterator[HostFrame]
Send: TypeAlias = Callable[[WorkerFrame], None]
# Answers the frames of one host until its stream ends.
Serve: TypeAlias = Callable[[Frames, Send], None]


class Server(Protocol):
    """A transport's end of a worker's stream."""

    endpoint: str

    def run(self, listening: Callable[[], None]) -> None:
        """Call ``listening`` once a host can attach, then serve one until its stream ends."""
        ...


# Makes a server from the path of its Unix socket, what serves its host, and the most bytes of a payload.
MakeServer: TypeAlias = Callable[[str, Serve, int], Server]
