"""The tools of a worker, by name, and what they look like from outside."""

from __future__ import annotations

from typing import Any

from ..payloads import codec
from ..payloads.errors import message_of
from ..protocol.messages import Failure, WorkerFrame
from ..tools.signature import InvalidArguments, Tool
from .answer_frames import failure


class Refused(Exception):
    """A call that cannot be what its caller meant, with the kind of Failure that says so."""

    def __init__(self, kind: int, message: str) -> None:
        """Refuse with a ``message`` for the caller."""
        super().__init__(message)
        self.kind = kind


# What finding a tool and binding its arguments may raise: no user code has run yet.
REFUSALS = (Refused, InvalidArguments, ValueError, RecursionError)


def refusal(call: Any, error: Exception) -> Any:
    """Return the answer to a call that one of REFUSALS kept from running."""
    kind = error.kind if isinstance(error, Refused) else Failure.INVALID_ARGUMENTS
    return failure(call.id, kind, message_of(error))


class Catalog:
    """Finds the tool that a call means."""

    def __init__(self, tools: list[Tool]) -> None:
        """Hold ``tools``, whose names differ."""
        self._tools = {found.name: found for found in tools}

    def find(self, call: Any) -> Tool:
        """Return the tool of a Call message; raises Refused if there is none, or none of this style."""
        found = self._tools.get(call.tool)
        if found is None:
            known = ", ".join(self._tools) or "none"
            raise Refused(Failure.UNKNOWN_TOOL, f"there is no tool {call.tool[:100]!r}; the adapter has {known}")
        if found.streaming != call.streaming:
            raise Refused(Failure.WRONG_CALL_STYLE, _wrong_style(found))
        return found

    def listed(self) -> Any:
        """Return the answer to ListTools."""
        return WorkerFrame(tools={"tools": [_describe(found) for found in self._tools.values()]})


def _wrong_style(found: Tool) -> str:
    if found.streaming:
        return f"tool {found.name!r} is a generator; call it as a stream"
    return f"tool {found.name!r} returns one result; it cannot be called as a stream"


def _describe(found: Tool) -> dict[str, Any]:
    parameters = []
    for parameter in found.parameters:
        described = {
            "name": parameter.name,
            "type": parameter.type,
            "required": parameter.required,
            "collects_rest": parameter.collects_rest,
        }
        if not parameter.required and not parameter.collects_rest:
            try:
                described["default_value"] = codec.encode(parameter.default)
            except codec.NotEncodable:
                pass  # shown without its value: JSON has no word for it
        parameters.append(described)
    return {
        "name": found.name,
        "description": found.description,
        "streaming": found.streaming,
        "parameters": parameters,
        "returns": found.returns,
    }
