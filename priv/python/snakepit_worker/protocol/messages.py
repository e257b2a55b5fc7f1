"""The message classes of the protocol, made at run time from the descriptor set that the host's build wrote.

No generated code, so no tie between the protoc that wrote the descriptors and the protobuf runtime that reads them.
"""

from __future__ import annotations

import os
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
