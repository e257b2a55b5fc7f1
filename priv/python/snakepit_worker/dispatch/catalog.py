"""The tools of a worker by name, and their descriptions for the host."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from ..payloads import codec
from ..payloads.descriptions import message_of, sendable
from ..process import forks
from ..protocol.frames import Failure, WorkerFrame
from ..tools.built_in import find_built_in
from ..tools.tool import InvalidArguments, Tool
from .answer_frames import failure

if TYPE_CHECKING:
    from ..protocol.frames import Attachment, Call, ParameterFields, ToolFields
    from ..tools.parameters import Parameter


_LONGEST_DEFAULT = 64 * 1024  # bytes; a description leaves out larger ones, so that it fits into a frame
_LONGEST_DESCRIPTION = 64 * 1024  # bytes of UTF-8


class CallRefused(Exception):
    """A call cannot be run by any tool; ``kind`` is the Failure.Kind that the call is answered with."""

    def __init__(self, kind: int, message: str) -> None:
        """Create the error with a ``message`` for the caller."""
        super().__init__(message)
        self.kind = kind


# The exceptions that may be raised while the tool is found and its arguments are bound, before the tool runs. Whatever
# else is raised then is a fault of the worker.
REFUSALS = (CallRefused, InvalidArguments)


def arguments_of(call: Call, found: Tool, attachments: Sequence[Attachment]) -> dict[str, Any]:
    """Return the arguments of a call before their conversion. Raises CallRefused if they cannot be read exactly."""
    try:
        return codec.decode_object(call.arguments, found.keeps_decimals, attachments)
    except (ValueError, RecursionError) as error:
        reason = f"{found.signature()}: the arguments cannot be read: {message_of(error)}"
        raise CallRefused(Failure.INVALID_ARGUMENTS, reason) from None


def refusal(call: Call, error: Exception) -> WorkerFrame:
    """Return the failure frame for a call that could not run because of ``error``, which is one of REFUSALS."""
    forks.end_if_forked(error)
    kind = error.kind if isinstance(error, CallRefused) else Failure.INVALID_ARGUMENTS
    return failure(call.id, kind, message_of(error))


class Catalog:
    """Finds the tool that a call names."""

    def __init__(self, tools: list[Tool]) -> None:
        """Store ``tools``, which have different names."""
        self._tools = {found.name: found for found in tools}

    def find(self, call: Call) -> Tool:
        """Return the tool that a call names.

        Raises CallRefused if there is no such tool, or if only one of the tool and the call is a stream.
        """
        found = self._tools.get(call.tool)
        if found is None:
            found = find_built_in(call.tool)
        if found is None:
            known = ", ".join(self._tools) or "none"
            raise CallRefused(Failure.UNKNOWN_TOOL, f"there is no tool {call.tool[:100]!r}; the adapter has {known}")
        if found.streaming != call.streaming and not found.is_either:
            raise CallRefused(Failure.WRONG_CALL_STYLE, _wrong_style(found))
        return found

    def listed(self) -> WorkerFrame:
        """Return the frame that answers ListTools: the descriptions of all tools."""
        return WorkerFrame(tools={"tools": [_describe(found) for found in self._tools.values()]})


def _wrong_style(found: Tool) -> str:
    if found.streaming:
        return f"tool {found.name!r} is a generator; call it as a stream"
    return (
        f"tool {found.name!r} returns one result; it cannot be called as a stream. If it returns a generator, write "
        "yield from in it, use functools.wraps in its decorator, or annotate its result as Iterator[...]"
    )


def _describe(found: Tool) -> ToolFields:
    return {
        "name": found.name,
        "description": sendable(found.description, _LONGEST_DESCRIPTION),
        "streaming": found.streaming,
        "parameters": [_describe_parameter(parameter) for parameter in found.parameters],
        "returns": sendable(found.returns, _LONGEST_DESCRIPTION),
    }


def _describe_parameter(parameter: Parameter) -> ParameterFields:
    described: ParameterFields = {
        "name": parameter.name,
        "type": sendable(parameter.type, _LONGEST_DESCRIPTION),
        "required": parameter.required,
        "collects_rest": parameter.collects_rest,
    }
    if not parameter.required and not parameter.collects_rest:
        try:
            encoded = codec.encode(parameter.default)
        except BaseException as error:  # it cannot be sent, or its class is the user's and raises anything
            forks.end_if_forked(error)
            return described
        if isinstance(encoded, bytes) and len(encoded) <= _LONGEST_DEFAULT:
            described["default_value"] = encoded
    return described
