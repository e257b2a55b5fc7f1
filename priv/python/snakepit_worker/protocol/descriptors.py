"""Creates message classes at run time from the protobuf descriptor set, which the .NET build writes beside this file.

Generated Python code would work only with the versions of protobuf that fit the protoc which generated it. Every
version of protobuf can read descriptors.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

from google.protobuf import descriptor_pb2, descriptor_pool, message_factory

if TYPE_CHECKING:
    from google.protobuf.message import Message

_DESCRIPTORS = os.path.join(os.path.dirname(__file__), "protocol.binpb")

_pool = descriptor_pool.DescriptorPool()
with open(_DESCRIPTORS, "rb") as _opened:
    for _file in descriptor_pb2.FileDescriptorSet.FromString(_opened.read()).file:
        _pool.AddSerializedFile(_file.SerializeToString())

_factory: Any = message_factory  # Any, because the type stubs describe only one version of protobuf
if hasattr(_factory, "GetMessageClass"):  # protobuf 4.22 and newer
    _class_of = _factory.GetMessageClass
else:
    _class_of = _factory.MessageFactory(_pool).GetPrototype


def message(name: str) -> type[Message]:
    """Return the class of the protobuf message with the full name ``name``."""
    return _class_of(_pool.FindMessageTypeByName(name))
