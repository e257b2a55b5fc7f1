"""The message classes of the protocol, made at run time from the descriptor set that the host's build wrote.

No generated code, so no tie between the protoc that wrote the descriptors and the protobuf runtime that reads them.
"""

from __future__ import annotations

import os
import struct
from typing import Any

from google.protobuf import descriptor_pb2, descriptor_pool, message_factory

_DESCRIPTORS = os.path.join(os.path.dirname(__file__), "protocol.binpb")

_pool = descriptor_pool.DescriptorPool()
with open(_DESCRIPTORS, "rb") as _opened:
    for _file in descriptor_pb2.FileDescriptorSet.FromString(_opened.read()).file:
        _pool.AddSerializedFile(_file.SerializeToString())

if hasattr(message_factory, "GetMessageClass"):  # protobuf 4.22 and newer
    _class_of = message_factory.GetMessageClass
else:
    _class_of = message_factory.MessageFactory(_pool).GetPrototype


def message(name: str) -> Any:
    """Return the class of the message with this full name."""
    return _class_of(_pool.FindMessageTypeByName(name))


HostFrame = message("snakepit.v1.HostFrame")
WorkerFrame = message("snakepit.v1.WorkerFrame")
Failure = message("snakepit.v1.Failure")
Report = message("snakepit.v1.Report")
BootFailure = message("snakepit.v1.BootFailure")
Command = message("snakepit.v1.Command")

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
