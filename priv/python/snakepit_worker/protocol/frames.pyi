# Generated from protos/ by eng/protocol_stubs.py; do not edit. At run time, the module beside this file has only the
# classes that the worker uses: import the others under TYPE_CHECKING.
from collections.abc import Iterable
from typing import ClassVar, Literal, Never, TypeAlias, TypedDict, Unpack

from google.protobuf.internal.containers import RepeatedCompositeFieldContainer, RepeatedScalarFieldContainer
from google.protobuf.internal.enum_type_wrapper import EnumTypeWrapper
from google.protobuf.message import Message

class HostFrameFields(TypedDict, total=False):
    call: Call | CallFields
    cancel: Cancel | CancelFields
    credit: Credit | CreditFields
    ping: Ping | PingFields
    list_tools: ListTools | ListToolsFields
    drain: Drain | DrainFields
    end_session: EndSession | EndSessionFields
    host_answer: HostAnswer | HostAnswerFields
    given_back: GivenBack | GivenBackFields

HostFrameField: TypeAlias = Literal[
    "call",
    "cancel",
    "credit",
    "ping",
    "list_tools",
    "drain",
    "end_session",
    "host_answer",
    "given_back",
]

class HostFrame(Message):
    call: Call
    cancel: Cancel
    credit: Credit
    ping: Ping
    list_tools: ListTools
    drain: Drain
    end_session: EndSession
    host_answer: HostAnswer
    given_back: GivenBack
    def __init__(self, **fields: Unpack[HostFrameFields]) -> None: ...
    def WhichOneof(self, oneof_group: Literal["frame"]) -> HostFrameField | None: ...
    def HasField(self, field_name: HostFrameField) -> bool: ...

class WorkerFrameFields(TypedDict, total=False):
    result: Result | ResultFields
    chunk: Chunk | ChunkFields
    failure: Failure | FailureFields
    pong: Pong | PongFields
    tools: ToolList | ToolListFields
    drained: Drained | DrainedFields
    host_call: HostCall | HostCallFields
    host_cancel: HostCancel | HostCancelFields
    needs_interruption: NeedsInterruption | NeedsInterruptionFields
    interrupted: bool
    keeps_memory: bool
    given_back: GivenBack | GivenBackFields
    recorded: Recorded | RecordedFields

WorkerFrameField: TypeAlias = Literal[
    "result",
    "chunk",
    "failure",
    "pong",
    "tools",
    "drained",
    "host_call",
    "host_cancel",
    "needs_interruption",
    "given_back",
    "recorded",
]

class WorkerFrame(Message):
    result: Result
    chunk: Chunk
    failure: Failure
    pong: Pong
    tools: ToolList
    drained: Drained
    host_call: HostCall
    host_cancel: HostCancel
    needs_interruption: NeedsInterruption
    interrupted: bool
    keeps_memory: bool
    given_back: GivenBack
    recorded: Recorded
    def __init__(self, **fields: Unpack[WorkerFrameFields]) -> None: ...
    def WhichOneof(self, oneof_group: Literal["frame"]) -> WorkerFrameField | None: ...
    def HasField(self, field_name: WorkerFrameField) -> bool: ...

class GivenBackFields(TypedDict, total=False):
    ids: Iterable[int]

class GivenBack(Message):
    ids: RepeatedScalarFieldContainer[int]
    def __init__(self, **fields: Unpack[GivenBackFields]) -> None: ...

class CallFields(TypedDict, total=False):
    id: int
    tool: str
    arguments: bytes
    streaming: bool
    credit: int
    timeout_ms: int
    session: Session | SessionFields
    attachments: Attachments | AttachmentsFields
    observation: Observation | ObservationFields

CallField: TypeAlias = Literal["session", "attachments", "observation"]

class Call(Message):
    id: int
    tool: str
    arguments: bytes
    streaming: bool
    credit: int
    timeout_ms: int
    session: Session
    attachments: Attachments
    observation: Observation
    def __init__(self, **fields: Unpack[CallFields]) -> None: ...
    def HasField(self, field_name: CallField) -> bool: ...

class ObservationFields(TypedDict, total=False):
    traceparent: str
    tracestate: str
    measurements: bool

class Observation(Message):
    traceparent: str
    tracestate: str
    measurements: bool
    def __init__(self, **fields: Unpack[ObservationFields]) -> None: ...

class RecordedFields(TypedDict, total=False):
    spans: Iterable[Span | SpanFields]
    measurements: Iterable[Measurement | MeasurementFields]
    dropped_spans: int
    dropped_measurements: int

RecordedField: TypeAlias = Literal["spans", "measurements"]

class Recorded(Message):
    spans: RepeatedCompositeFieldContainer[Span]
    measurements: RepeatedCompositeFieldContainer[Measurement]
    dropped_spans: int
    dropped_measurements: int
    def __init__(self, **fields: Unpack[RecordedFields]) -> None: ...
    def HasField(self, field_name: RecordedField) -> bool: ...

class SpanFields(TypedDict, total=False):
    id: int
    parent: int
    name: str
    kind: int
    start: int
    end: int
    attributes: Iterable[Attribute | AttributeFields]
    error_type: str
    error_message: str

SpanField: TypeAlias = Literal["attributes"]

class Span(Message):
    Kind: ClassVar[EnumTypeWrapper]
    INTERNAL: ClassVar[int]
    SERVER: ClassVar[int]
    CLIENT: ClassVar[int]
    PRODUCER: ClassVar[int]
    CONSUMER: ClassVar[int]
    id: int
    parent: int
    name: str
    kind: int
    start: int
    end: int
    attributes: RepeatedCompositeFieldContainer[Attribute]
    error_type: str
    error_message: str
    def __init__(self, **fields: Unpack[SpanFields]) -> None: ...
    def HasField(self, field_name: SpanField) -> bool: ...

class MeasurementFields(TypedDict, total=False):
    name: str
    value: float
    unit: str
    attributes: Iterable[Attribute | AttributeFields]

MeasurementField: TypeAlias = Literal["attributes"]

class Measurement(Message):
    name: str
    value: float
    unit: str
    attributes: RepeatedCompositeFieldContainer[Attribute]
    def __init__(self, **fields: Unpack[MeasurementFields]) -> None: ...
    def HasField(self, field_name: MeasurementField) -> bool: ...

class AttributeFields(TypedDict, total=False):
    key: str
    text: str
    integer: int
    number: float
    flag: bool

AttributeField: TypeAlias = Literal["text", "integer", "number", "flag"]

class Attribute(Message):
    key: str
    text: str
    integer: int
    number: float
    flag: bool
    def __init__(self, **fields: Unpack[AttributeFields]) -> None: ...
    def WhichOneof(self, oneof_group: Literal["value"]) -> AttributeField | None: ...
    def HasField(self, field_name: AttributeField) -> bool: ...

class AttachmentsFields(TypedDict, total=False):
    items: Iterable[Attachment | AttachmentFields]

AttachmentsField: TypeAlias = Literal["items"]

class Attachments(Message):
    items: RepeatedCompositeFieldContainer[Attachment]
    def __init__(self, **fields: Unpack[AttachmentsFields]) -> None: ...
    def HasField(self, field_name: AttachmentsField) -> bool: ...

class AttachmentFields(TypedDict, total=False):
    at: int
    kind: int
    shape: Iterable[int]
    content: bytes
    shared: MemoryRange | MemoryRangeFields

AttachmentField: TypeAlias = Literal["shared"]

class Attachment(Message):
    Kind: ClassVar[EnumTypeWrapper]
    KIND_UNSPECIFIED: ClassVar[int]
    BYTES: ClassVar[int]
    BOOL: ClassVar[int]
    INT8: ClassVar[int]
    UINT8: ClassVar[int]
    INT16: ClassVar[int]
    UINT16: ClassVar[int]
    INT32: ClassVar[int]
    UINT32: ClassVar[int]
    INT64: ClassVar[int]
    UINT64: ClassVar[int]
    FLOAT16: ClassVar[int]
    FLOAT32: ClassVar[int]
    FLOAT64: ClassVar[int]
    COMPLEX128: ClassVar[int]
    at: int
    kind: int
    shape: RepeatedScalarFieldContainer[int]
    content: bytes
    shared: MemoryRange
    def __init__(self, **fields: Unpack[AttachmentFields]) -> None: ...
    def HasField(self, field_name: AttachmentField) -> bool: ...

class MemoryRangeFields(TypedDict, total=False):
    file: int
    offset: int
    length: int
    id: int

class MemoryRange(Message):
    file: int
    offset: int
    length: int
    id: int
    def __init__(self, **fields: Unpack[MemoryRangeFields]) -> None: ...

class SessionFields(TypedDict, total=False):
    key: str
    home: bool
    id: int

class Session(Message):
    key: str
    home: bool
    id: int
    def __init__(self, **fields: Unpack[SessionFields]) -> None: ...

class CancelFields(TypedDict, total=False):
    call: int

class Cancel(Message):
    call: int
    def __init__(self, **fields: Unpack[CancelFields]) -> None: ...

class EndSessionFields(TypedDict, total=False):
    id: int

class EndSession(Message):
    id: int
    def __init__(self, **fields: Unpack[EndSessionFields]) -> None: ...

class CreditFields(TypedDict, total=False):
    call: int
    chunks: int

class Credit(Message):
    call: int
    chunks: int
    def __init__(self, **fields: Unpack[CreditFields]) -> None: ...

class PingFields(TypedDict, total=False):
    sequence: int

class Ping(Message):
    sequence: int
    def __init__(self, **fields: Unpack[PingFields]) -> None: ...

ListToolsFields: TypeAlias = dict[str, Never]

class ListTools(Message): ...

DrainFields: TypeAlias = dict[str, Never]

class Drain(Message): ...

DrainedFields: TypeAlias = dict[str, Never]

class Drained(Message): ...

class ResultFields(TypedDict, total=False):
    call: int
    value: bytes
    attachments: Attachments | AttachmentsFields

ResultField: TypeAlias = Literal["attachments"]

class Result(Message):
    call: int
    value: bytes
    attachments: Attachments
    def __init__(self, **fields: Unpack[ResultFields]) -> None: ...
    def HasField(self, field_name: ResultField) -> bool: ...

class ChunkFields(TypedDict, total=False):
    call: int
    value: bytes
    attachments: Attachments | AttachmentsFields

ChunkField: TypeAlias = Literal["attachments"]

class Chunk(Message):
    call: int
    value: bytes
    attachments: Attachments
    def __init__(self, **fields: Unpack[ChunkFields]) -> None: ...
    def HasField(self, field_name: ChunkField) -> bool: ...

class FailureFields(TypedDict, total=False):
    call: int
    kind: int
    message: str
    error: PythonError | PythonErrorFields

FailureField: TypeAlias = Literal["error"]

class Failure(Message):
    Kind: ClassVar[EnumTypeWrapper]
    KIND_UNSPECIFIED: ClassVar[int]
    RAISED: ClassVar[int]
    UNKNOWN_TOOL: ClassVar[int]
    INVALID_ARGUMENTS: ClassVar[int]
    RESULT_NOT_ENCODABLE: ClassVar[int]
    RESULT_TOO_LARGE: ClassVar[int]
    CANCELLED: ClassVar[int]
    WRONG_CALL_STYLE: ClassVar[int]
    call: int
    kind: int
    message: str
    error: PythonError
    def __init__(self, **fields: Unpack[FailureFields]) -> None: ...
    def HasField(self, field_name: FailureField) -> bool: ...

class PythonErrorFields(TypedDict, total=False):
    type: str
    message: str
    traceback: str
    attributes: bytes

class PythonError(Message):
    type: str
    message: str
    traceback: str
    attributes: bytes
    def __init__(self, **fields: Unpack[PythonErrorFields]) -> None: ...

class HostCallFields(TypedDict, total=False):
    id: int
    call: int
    tool: str
    arguments: bytes
    attachments: Attachments | AttachmentsFields
    span: int

HostCallField: TypeAlias = Literal["attachments"]

class HostCall(Message):
    id: int
    call: int
    tool: str
    arguments: bytes
    attachments: Attachments
    span: int
    def __init__(self, **fields: Unpack[HostCallFields]) -> None: ...
    def HasField(self, field_name: HostCallField) -> bool: ...

class NeedsInterruptionFields(TypedDict, total=False):
    call: int
    blocks_others: bool

class NeedsInterruption(Message):
    call: int
    blocks_others: bool
    def __init__(self, **fields: Unpack[NeedsInterruptionFields]) -> None: ...

class HostCancelFields(TypedDict, total=False):
    id: int

class HostCancel(Message):
    id: int
    def __init__(self, **fields: Unpack[HostCancelFields]) -> None: ...

class HostAnswerFields(TypedDict, total=False):
    id: int
    value: bytes
    error: HostError | HostErrorFields
    attachments: Attachments | AttachmentsFields

HostAnswerField: TypeAlias = Literal["error", "attachments"]

class HostAnswer(Message):
    id: int
    value: bytes
    error: HostError
    attachments: Attachments
    def __init__(self, **fields: Unpack[HostAnswerFields]) -> None: ...
    def HasField(self, field_name: HostAnswerField) -> bool: ...

class HostErrorFields(TypedDict, total=False):
    type: str
    message: str

class HostError(Message):
    type: str
    message: str
    def __init__(self, **fields: Unpack[HostErrorFields]) -> None: ...

class PongFields(TypedDict, total=False):
    sequence: int

class Pong(Message):
    sequence: int
    def __init__(self, **fields: Unpack[PongFields]) -> None: ...

class ToolListFields(TypedDict, total=False):
    tools: Iterable[Tool | ToolFields]

ToolListField: TypeAlias = Literal["tools"]

class ToolList(Message):
    tools: RepeatedCompositeFieldContainer[Tool]
    def __init__(self, **fields: Unpack[ToolListFields]) -> None: ...
    def HasField(self, field_name: ToolListField) -> bool: ...

class ToolFields(TypedDict, total=False):
    name: str
    description: str
    streaming: bool
    parameters: Iterable[Parameter | ParameterFields]
    returns: str

ToolField: TypeAlias = Literal["parameters"]

class Tool(Message):
    name: str
    description: str
    streaming: bool
    parameters: RepeatedCompositeFieldContainer[Parameter]
    returns: str
    def __init__(self, **fields: Unpack[ToolFields]) -> None: ...
    def HasField(self, field_name: ToolField) -> bool: ...

class ParameterFields(TypedDict, total=False):
    name: str
    type: str
    required: bool
    default_value: bytes
    collects_rest: bool

class Parameter(Message):
    name: str
    type: str
    required: bool
    default_value: bytes
    collects_rest: bool
    def __init__(self, **fields: Unpack[ParameterFields]) -> None: ...
