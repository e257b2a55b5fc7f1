"""How messages are cut out of a stream of bytes: each stands behind its length."""

from __future__ import annotations

import struct
from typing import Any

# What stands before each message on the control channel, and before each frame of the Direct transport.
LENGTH = struct.Struct("<I")
# What a frame holds beside its payload, or the list of tools, in bytes at most; the dispatcher refuses larger payloads
# with a better message.
FRAME_OVERHEAD = 1024 * 1024


def framed(content: Any) -> bytes:
    """Return a message's bytes behind their length, as the control channel carries them."""
    encoded: bytes = content.SerializeToString()
    return LENGTH.pack(len(encoded)) + encoded


class FrameBuffer:
    """Collects what a socket delivered and cuts it into messages."""

    def __init__(self, content: Any) -> None:
        """Cut messages of the class ``content``."""
        self._content = content
        self._received = bytearray()

    def add(self, received: bytes) -> list[Any]:
        """Take more bytes and return the messages that are now complete."""
        self._received += received
        complete = []
        while len(self._received) >= LENGTH.size:
            end = LENGTH.size + LENGTH.unpack_from(self._received)[0]
            if len(self._received) < end:
                break
            complete.append(self._content.FromString(bytes(self._received[LENGTH.size : end])))
            del self._received[:end]
        return complete
