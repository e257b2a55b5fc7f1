"""Framing: each message on a stream of bytes follows its length, which takes four bytes, the lowest first."""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING, Generic, TypeVar

if TYPE_CHECKING:
    from google.protobuf.message import Message

_M = TypeVar("_M", bound="Message")

LENGTH = struct.Struct("<I")
# The most bytes that a frame may have beyond its payload. It leaves room for a failure's texts or the list of tools.
FRAME_OVERHEAD = 1024 * 1024


def framed(message: Message) -> bytes:
    """Return a message's bytes behind their length, as the control channel carries them."""
    encoded = message.SerializeToString()
    return LENGTH.pack(len(encoded)) + encoded


class FrameBuffer(Generic[_M]):
    """Collects what a socket delivers and cuts it into messages."""

    def __init__(self, kind: type[_M]) -> None:
        """Cut messages of the class ``kind``."""
        self._kind = kind
        self._received = bytearray()

    def add(self, received: bytes) -> list[_M]:
        """Take more bytes and return the messages that are now complete."""
        self._received += received
        complete: list[_M] = []
        while len(self._received) >= LENGTH.size:
            end = LENGTH.size + LENGTH.unpack_from(self._received)[0]
            if len(self._received) < end:
                break
            complete.append(self._kind.FromString(bytes(self._received[LENGTH.size : end])))
            del self._received[:end]
        return complete
