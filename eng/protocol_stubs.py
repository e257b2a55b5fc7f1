"""Writes the type stubs (.pyi) of the protocol's message classes, which Python creates at run time from descriptors.

    .venv/bin/python3 eng/protocol_stubs.py artifacts/obj/Snakepit/protocol.binpb

The stubs are committed, so that editors and the type checker do not need a build. A unit test fails when a stub is out
of date.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

from google.protobuf.descriptor_pb2 import (
    DescriptorProto,
    FieldDescriptorProto,
    FileDescriptorProto,
    FileDescriptorSet,
)

PROTOCOL = Path(__file__).resolve().parents[1] / "priv" / "python" / "snakepit_worker" / "protocol"
# The stub file for each proto file. The module beside each stub creates the classes that are needed at run time.
STUBS = {
    "grpc/health/v1/health.proto": PROTOCOL / "health.pyi",
    "snakepit/v1/control.proto": PROTOCOL / "control.pyi",
    "snakepit/v1/worker.proto": PROTOCOL / "frames.pyi",
}

_HEADER = """\
# Generated from protos/ by eng/protocol_stubs.py; do not edit. At run time, the module beside this file has only the
# classes that the worker uses: import the others under TYPE_CHECKING.
"""
_IMPORTS = (
    ("collections.abc", ("Iterable",)),
    ("typing", ("ClassVar", "Literal", "Never", "TypeAlias", "TypedDict", "Unpack")),
    ("", ()),  # a blank line between the standard library and protobuf
    ("google.protobuf.internal.containers", ("RepeatedCompositeFieldContainer", "RepeatedScalarFieldContainer")),
    ("google.protobuf.internal.enum_type_wrapper", ("EnumTypeWrapper",)),
    ("google.protobuf.message", ("Message",)),
)
_SCALARS = {
    FieldDescriptorProto.TYPE_BOOL: "bool",
    FieldDescriptorProto.TYPE_BYTES: "bytes",
    FieldDescriptorProto.TYPE_DOUBLE: "float",
    FieldDescriptorProto.TYPE_FLOAT: "float",
    FieldDescriptorProto.TYPE_STRING: "str",
}
_LINE = 120


def stubs_of(descriptors: bytes) -> dict[Path, str]:
    """Return the text of each stub file for a serialised descriptor set, by the path of the stub."""
    files = {file.name: file for file in FileDescriptorSet.FromString(descriptors).file}
    return {path: _stub_of(files[name]) for name, path in STUBS.items()}


def _stub_of(file: FileDescriptorProto) -> str:
    body = "".join(f"{line}\n" for line in _lines_of(file))
    return _HEADER + "".join(_imports_of(body)) + body


def _imports_of(body: str) -> Iterator[str]:
    for module, names in _IMPORTS:
        used = ", ".join(name for name in names if name in body)
        if used:
            yield f"from {module} import {used}\n"
        elif not module:
            yield "\n"


def _lines_of(file: FileDescriptorProto) -> Iterator[str]:
    for message in file.message_type:
        yield ""
        if message.field:
            yield from _dict(message)
            yield ""
            yield from _message(message)
        else:
            yield f"{message.name}Fields: TypeAlias = dict[str, Never]"
            yield ""
            yield f"class {message.name}(Message): ..."


def _dict(message: DescriptorProto) -> Iterator[str]:
    """Yield the type of a dict that protobuf accepts in place of a message of this type."""
    yield f"class {message.name}Fields(TypedDict, total=False):"
    yield from (f"    {field.name}: {_accepted(field)}" for field in message.field)


def _message(message: DescriptorProto) -> Iterator[str]:
    # Only fields that can be absent are arguments of HasField: those whose type is a message, and those of a oneof.
    present = [
        f'"{field.name}"'
        for field in message.field
        if field.type == FieldDescriptorProto.TYPE_MESSAGE or field.HasField("oneof_index")
    ]
    if present:
        yield from _alias(f"{message.name}Field", present)
        yield ""
    yield f"class {message.name}(Message):"
    for enum in message.enum_type:
        yield f"    {enum.name}: ClassVar[EnumTypeWrapper]"
        yield from (f"    {value.name}: ClassVar[int]" for value in enum.value)
    yield from (f"    {field.name}: {_read(field)}" for field in message.field)
    yield f"    def __init__(self, **fields: Unpack[{message.name}Fields]) -> None: ..."
    for union in message.oneof_decl:
        yield f'    def WhichOneof(self, oneof_group: Literal["{union.name}"]) -> {message.name}Field | None: ...'
    if present:
        yield f"    def HasField(self, field_name: {message.name}Field) -> bool: ..."


def _alias(name: str, values: list[str]) -> Iterator[str]:
    line = f"{name}: TypeAlias = Literal[{', '.join(values)}]"
    if len(line) <= _LINE:
        yield line
    else:
        yield f"{name}: TypeAlias = Literal["
        yield from (f"    {value}," for value in values)
        yield "]"


def _type(field: FieldDescriptorProto) -> str:
    if field.type == FieldDescriptorProto.TYPE_MESSAGE:
        return field.type_name.rpartition(".")[2]
    return _SCALARS.get(field.type, "int")


def _read(field: FieldDescriptorProto) -> str:
    """Return the type of a message's field when it is read."""
    if field.label != FieldDescriptorProto.LABEL_REPEATED:
        return _type(field)
    container = "Composite" if field.type == FieldDescriptorProto.TYPE_MESSAGE else "Scalar"
    return f"Repeated{container}FieldContainer[{_type(field)}]"


def _accepted(field: FieldDescriptorProto) -> str:
    """Return the type of the values that the constructor of a message accepts for a field."""
    accepted = _type(field)
    if field.type == FieldDescriptorProto.TYPE_MESSAGE:
        accepted = f"{accepted} | {accepted}Fields"
    return f"Iterable[{accepted}]" if field.label == FieldDescriptorProto.LABEL_REPEATED else accepted


if __name__ == "__main__":
    for written, text in stubs_of(Path(sys.argv[1]).read_bytes()).items():
        written.write_text(text, encoding="utf-8")
        print(written)
