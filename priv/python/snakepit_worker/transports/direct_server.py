"""The Direct transport: frames behind their lengths, on a Unix socket that belongs to one host.

Everything happens on the main thread: the one that waits for a frame is the one that runs the tool in it. A frame is
its length in four bytes, the lowest first, and the bytes of a HostFrame or WorkerFrame.
"""

from __future__ import annotations

import os
import socket
from collections.abc import Callable, Iterator
from typing import Any

from google.protobuf.message import DecodeError

from ..protocol.framing import FRAME_OVERHEAD, LENGTH
from ..protocol.messages import HostFrame

_CHUNK = 64 * 1024
_LARGEST_CHUNK = 1024 * 1024

Serve = Callable[[Iterator[Any], Callable[[Any], None]], None]


class BadFrame(Exception):
    """The host has sent what is no frame. Nothing that follows can be understood."""


class Server:
    """Serves one host on one Unix socket."""

    def __init__(self, path: str, serve: Serve, max_payload: int) -> None:
        """Bind to ``path``. ``serve(frames, send)`` will run on the thread that calls ``run``."""
        self.endpoint = f"unix:{path}"
        self._path = path
        self._serve = serve
        self._limit = max_payload + FRAME_OVERHEAD
        self._listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self._listener.settimeout(None)  # an adapter may have set another default
        self._listener.bind(path)
        self._listener.listen(1)

    def run(self, listening: Callable[[], None]) -> None:
        """Call ``listening`` once hosts can connect, then serve one until its stream ends. Main thread only.

        The first to connect is the host; nobody else can afterwards. Raises BadFrame if it does not keep to the
        protocol.
        """
        listening()
        host, _ = self._listener.accept()
        host.settimeout(None)
        self._listener.close()
        os.unlink(self._path)
        with host:
            try:
                self._serve(frames_from(host, self._limit), sender_to(host))
            except ConnectionError:
                pass  # the host broke the stream: the same end as a finished one


def sender_to(host: socket.socket) -> Callable[[Any], None]:
    """Return what sends a frame; it waits if the host does not read."""

    def send(frame: Any) -> None:
        encoded = frame.SerializeToString()
        if len(encoded) <= _CHUNK:
            host.sendall(LENGTH.pack(len(encoded)) + encoded)
        else:
            host.sendall(LENGTH.pack(len(encoded)))
            host.sendall(encoded)

    return send


def frames_from(host: socket.socket, limit: int) -> Iterator[Any]:
    """Yield frames as they arrive, until the stream ends between two of them.

    Memory follows the bytes that have arrived, never what a length promises. Raises BadFrame for a frame over
    ``limit`` bytes, for bytes that are none, and for a stream that ends inside of one.
    """
    buffer = b""
    while received := host.recv(_CHUNK):
        buffer = buffer + received if buffer else received
        start = 0
        while len(buffer) - start >= LENGTH.size:
            begin = start + LENGTH.size
            (length,) = LENGTH.unpack_from(buffer, start)
            if length > limit:
                raise BadFrame(f"a frame of {length:,} bytes is announced, over the limit of {limit:,}")
            missing = begin + length - len(buffer)
            if missing > _CHUNK:
                yield _parsed(_completed(host, buffer[begin:], length))
                start = len(buffer)
            elif missing > 0:
                break
            else:
                yield _parsed(buffer[begin : begin + length])
                start = begin + length
        buffer = buffer[start:]
    if buffer:
        raise BadFrame(f"the stream ended {len(buffer):,} bytes into a frame")


def _completed(host: socket.socket, begun: bytes, length: int) -> bytes:
    """Receive the rest of a long frame."""
    content = bytearray(begun)
    while missing := length - len(content):
        received = host.recv(min(missing, _LARGEST_CHUNK))
        if not received:
            raise BadFrame(f"the stream ended {len(content):,} bytes into a frame of {length:,}")
        content += received
    return bytes(content)


def _parsed(encoded: bytes) -> Any:
    try:
        frame = HostFrame.FromString(encoded)
    except DecodeError as error:
        raise BadFrame(f"{len(encoded):,} bytes that are no frame have arrived") from error
    if frame.WhichOneof("frame") is None:
        raise BadFrame("a frame of an unknown kind has arrived")
    return frame
