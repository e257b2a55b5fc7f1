# Generated from protos/ by eng/protocol_stubs.py; do not edit. At run time, the module beside this file has only the
# classes that the worker uses: import the others under TYPE_CHECKING.
from typing import ClassVar, TypedDict, Unpack

from google.protobuf.internal.enum_type_wrapper import EnumTypeWrapper
from google.protobuf.message import Message

class HealthCheckRequestFields(TypedDict, total=False):
    service: str

class HealthCheckRequest(Message):
    service: str
    def __init__(self, **fields: Unpack[HealthCheckRequestFields]) -> None: ...

class HealthCheckResponseFields(TypedDict, total=False):
    status: int

class HealthCheckResponse(Message):
    ServingStatus: ClassVar[EnumTypeWrapper]
    UNKNOWN: ClassVar[int]
    SERVING: ClassVar[int]
    NOT_SERVING: ClassVar[int]
    SERVICE_UNKNOWN: ClassVar[int]
    status: int
    def __init__(self, **fields: Unpack[HealthCheckResponseFields]) -> None: ...
