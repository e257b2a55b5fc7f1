"""The Direct transport: frames on a Unix socket that belongs to one host.

The main thread does everything: it waits for a frame, and runs the tool that the frame calls. On the socket, each frame
is a length of four bytes (little-endian), followed by the bytes of a HostFrame or WorkerFrame.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from google.protobuf.message import DecodeError

from ..memory.files import own_files
from ..originals import os, socket
from ..process import forks
from ..process.forks import own
from ..process.waits import waits
from ..protocol.frames import HostFrame
from ..protocol.framing import FRAME_OVERHEAD, LENGTH, OWNER_ONLY
from .encoding import encoded

if TYPE_CHECKING:
    from ..protocol.streams import Frame, Send, Serve

_CHUNK = 64 * 1024
_LARGEST_CHUNK = 1024 * 1024


class BadFrame(Exception):
    """The host has sent bytes that are not a valid frame, so the rest of the stream cannot be read either."""


class Server:
    """The server of the Direct transport: it serves one host on one Unix socket."""

    def __init__(self, path: str, serve: Serve, max_payload: int) -> None:
        """Bind to ``path``. ``serve(frames, send)`` will run on the thread that calls ``run``."""
        self.endpoint = f"unix:{path}"
        self._path = path
        self._serve = serve
        self._limit = max_payload + FRAME_OVERHEAD
        self._listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self._listener.settimeout(None)  # the adapter may have set a default timeout
        try:
            self._listener.bind(path)
        except OSError as error:  # Python's own message does not name the socket
            raise OSError(error.errno, error.strerror, path) from None
        os.chmod(path, OWNER_ONLY)
        self._listener.listen(1)

    def run(self, listening: Callable[[], None]) -> None:
        """Call ``listening`` once a host can connect, then serve one until its stream ends. Main thread only.

        The first process that connects is the host, and no other process can connect afterwards. Raises BadFrame if
        the host breaks the protocol.
        """
        listening()
        accepted = self._accepted()
        # accept() makes a socket of the class that is in the module socket now, such as gevent's.
        host = socket.socket(fileno=accepted.detach())
        host.settimeout(None)
        forks.keep_from_forks(host.fileno())
        self._listener.close()
        os.unlink(self._path)
        with host:
            try:
                self._serve(frames_from(host, self._limit), sender_to(host))
            except ConnectionError:
                pass  # a broken connection ends the stream, as if the host had closed it

    @waits
    def _accepted(self) -> socket.socket:
        return self._listener.accept()[0]


def sender_to(host: socket.socket) -> Send:
    """Return a function that sends a frame to the host. The function waits while the host does not read."""

    @waits
    def send(frame: Frame) -> None:
        content = encoded(frame)
        if not own[0]:
            forks.leave()
        if len(content) <= _CHUNK:
            host.sendall(LENGTH.pack(len(content)) + content)
        else:
            host.sendall(LENGTH.pack(len(content)))
            host.sendall(content)

    return send


@waits
def frames_from(host: socket.socket, limit: int) -> Iterator[HostFrame]:
    """Yield the host's frames as they arrive, until the stream ends after a complete frame.

    Memory is allocated for bytes that have arrived, never for the length that a frame announces. Raises BadFrame for a
    frame over ``limit`` bytes, for bytes that are not a frame, and for a stream that ends inside a frame.
    """
    buffer = b""
    while True:
        if not own[0]:
            forks.leave()
        received = host.recv(_CHUNK)
        if not received:
            break
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


@waits
def _completed(host: socket.socket, begun: bytes, length: int) -> bytes:
    """Receive the rest of a long frame whose first bytes are ``begun``, and return the whole frame."""
    content = bytearray(begun)
    while missing := length - len(content):
        received = host.recv(min(missing, _LARGEST_CHUNK))
        if not received:
            raise BadFrame(f"the stream ended {len(content):,} bytes into a frame of {length:,}")
        content += received
    return bytes(content)


def _parsed(content: bytes) -> HostFrame:
    try:
        frame = HostFrame.FromString(content)
    except DecodeError as error:
        raise BadFrame(f"{len(content):,} bytes that are no frame have arrived") from error
    if frame.WhichOneof("frame") is None:
        raise BadFrame("a frame of an unknown kind has arrived")
    if own_files.files:
        own_files.take_back(frame)
    return frame
