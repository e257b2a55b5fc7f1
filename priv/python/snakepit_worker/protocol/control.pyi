# Generated from protos/ by eng/protocol_stubs.py; do not edit. At run time, the module beside this file has only the
# classes that the worker uses: import the others under TYPE_CHECKING.
from collections.abc import Iterable
from typing import ClassVar, Literal, Never, TypeAlias, TypedDict, Unpack

from google.protobuf.internal.containers import RepeatedScalarFieldContainer
from google.protobuf.internal.enum_type_wrapper import EnumTypeWrapper
from google.protobuf.message import Message

class ReportFields(TypedDict, total=False):
    hello: Hello | HelloFields
    prepared: Prepared | PreparedFields
    listening: Listening | ListeningFields
    boot_failure: BootFailure | BootFailureFields
    worker_exited: WorkerExited | WorkerExitedFields
    worker_output: WorkerOutput | WorkerOutputFields
    forked: Forked | ForkedFields
    expects_sigterm: ExpectsSigterm | ExpectsSigtermFields

ReportField: TypeAlias = Literal[
    "hello",
    "prepared",
    "listening",
    "boot_failure",
    "worker_exited",
    "worker_output",
    "forked",
    "expects_sigterm",
]

class Report(Message):
    hello: Hello
    prepared: Prepared
    listening: Listening
    boot_failure: BootFailure
    worker_exited: WorkerExited
    worker_output: WorkerOutput
    forked: Forked
    expects_sigterm: ExpectsSigterm
    def __init__(self, **fields: Unpack[ReportFields]) -> None: ...
    def WhichOneof(self, oneof_group: Literal["report"]) -> ReportField | None: ...
    def HasField(self, field_name: ReportField) -> bool: ...

class HelloFields(TypedDict, total=False):
    worker: int
    pid: int
    python_version: str

class Hello(Message):
    worker: int
    pid: int
    python_version: str
    def __init__(self, **fields: Unpack[HelloFields]) -> None: ...

class PreparedFields(TypedDict, total=False):
    extra_threads: int

class Prepared(Message):
    extra_threads: int
    def __init__(self, **fields: Unpack[PreparedFields]) -> None: ...

class ListeningFields(TypedDict, total=False):
    endpoint: str
    reads_memory: bool

class Listening(Message):
    endpoint: str
    reads_memory: bool
    def __init__(self, **fields: Unpack[ListeningFields]) -> None: ...

class BootFailureFields(TypedDict, total=False):
    kind: int
    message: str
    traceback: str

class BootFailure(Message):
    Kind: ClassVar[EnumTypeWrapper]
    KIND_UNSPECIFIED: ClassVar[int]
    RUNTIME_MISSING: ClassVar[int]
    ADAPTER: ClassVar[int]
    PREPARATION: ClassVar[int]
    kind: int
    message: str
    traceback: str
    def __init__(self, **fields: Unpack[BootFailureFields]) -> None: ...

class ForkedFields(TypedDict, total=False):
    worker: int
    pid: int

class Forked(Message):
    worker: int
    pid: int
    def __init__(self, **fields: Unpack[ForkedFields]) -> None: ...

class WorkerExitedFields(TypedDict, total=False):
    worker: int
    status: int

class WorkerExited(Message):
    worker: int
    status: int
    def __init__(self, **fields: Unpack[WorkerExitedFields]) -> None: ...

ExpectsSigtermFields: TypeAlias = dict[str, Never]

class ExpectsSigterm(Message): ...

class WorkerOutputFields(TypedDict, total=False):
    worker: int
    text: bytes

class WorkerOutput(Message):
    worker: int
    text: bytes
    def __init__(self, **fields: Unpack[WorkerOutputFields]) -> None: ...

class CommandFields(TypedDict, total=False):
    fork: Fork | ForkFields
    signal: Signal | SignalFields

CommandField: TypeAlias = Literal["fork", "signal"]

class Command(Message):
    fork: Fork
    signal: Signal
    def __init__(self, **fields: Unpack[CommandFields]) -> None: ...
    def WhichOneof(self, oneof_group: Literal["command"]) -> CommandField | None: ...
    def HasField(self, field_name: CommandField) -> bool: ...

class ForkFields(TypedDict, total=False):
    workers: Iterable[int]
    directory: str

class Fork(Message):
    workers: RepeatedScalarFieldContainer[int]
    directory: str
    def __init__(self, **fields: Unpack[ForkFields]) -> None: ...

class SignalFields(TypedDict, total=False):
    worker: int
    number: int

class Signal(Message):
    worker: int
    number: int
    def __init__(self, **fields: Unpack[SignalFields]) -> None: ...
