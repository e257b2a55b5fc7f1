"""Framing of messages on a byte stream: each message follows its length, a little-endian number of four bytes."""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING, Generic, TypeVar

if TYPE_CHECKING:
    from google.protobuf.message import Message

_M = TypeVar("_M", bound="Message")

LENGTH = struct.Struct("<I")
# The maximum size of a frame without its payload, in bytes. It has room for the texts of a failure, or a list of tools.
FRAME_OVERHEAD = 1024 * 1024
# The mode of a worker's socket. The umask may be so strict that not even the owner could connect otherwise.
OWNER_ONLY = 0o600


def framed(message: Message) -> bytes:
    """Return a message in the form that the control channel carries: its length, followed by its bytes."""
    encoded = message.SerializeToString()
    return LENGTH.pack(len(encoded)) + encoded


class FrameBuffer(Generic[_M]):
    """Collects bytes from a socket and splits them into messages."""

    def __init__(self, kind: type[_M]) -> None:
        """Create a buffer for messages of the class ``kind``."""
        self._kind = kind
        self._received = bytearray()

    def add(self, received: bytes) -> list[_M]:
        """Add received bytes and return the messages that are now complete."""
        self._received += received
        complete: list[_M] = []
        while len(self._received) >= LENGTH.size:
            end = LENGTH.size + LENGTH.unpack_from(self._received)[0]
            if len(self._received) < end:
                break
            complete.append(self._kind.FromString(bytes(self._received[LENGTH.size : end])))
            del self._received[:end]
        return complete
