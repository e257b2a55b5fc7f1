"""What a worker answers: results, chunks and failures as frames, and the list of its tools."""

from __future__ import annotations

from typing import Any

from . import payload
from .context import Context
from .failure import attributes_of, message_of, traceback_of, type_name
from .protocol import Failure, WorkerFrame
from .tool import InvalidArguments, Tool


class Refused(Exception):
    """A call that no user code ran for; it carries the failure frame that says why."""

    def __init__(self, failure: Any) -> None:
        """Carry the frame ``failure``."""
        super().__init__()
        self.failure = failure


class Toolbox:
    """The tools of a worker, and the frames that calls of them end in."""

    def __init__(self, tools: list[Tool], max_payload: int) -> None:
        """Serve ``tools``; a result or chunk over ``max_payload`` bytes is refused."""
        self._tools = {found.name: found for found in tools}
        self.max_payload = max_payload

    def prepare(self, call: Any, context: Context) -> tuple[Tool, Any]:
        """Return the tool that a call names and its checked arguments; raises Refused."""
        found = self._tools.get(call.tool)
        if found is None:
            raise Refused(failure(call, Failure.UNKNOWN_TOOL, self._unknown(call.tool)))
        if found.streaming != call.streaming:
            raise Refused(failure(call, Failure.WRONG_CALL_STYLE, _wrong_style(found)))
        try:
            return found, found.bind(payload.decode_object(call.arguments), context)
        except (InvalidArguments, ValueError, RecursionError) as error:
            raise Refused(failure(call, Failure.INVALID_ARGUMENTS, message_of(error))) from None

    def encoded(self, call: Any, value: Any, kind: str) -> Any:
        """Return a frame with a ``"result"`` or ``"chunk"``, or the failure that it cannot be sent."""
        try:
            encoded = payload.encode(value)
        except payload.NotEncodable as error:
            return failure(call, Failure.RESULT_NOT_ENCODABLE, f"tool {call.tool!r}: {message_of(error)}")
        if len(encoded) > self.max_payload:
            return failure(
                call,
                Failure.RESULT_TOO_LARGE,
                f"tool {call.tool!r}: a {kind} of {len(encoded):,} bytes is over the limit of {self.max_payload:,}",
            )
        return WorkerFrame(**{kind: {"call": call.id, "value": encoded}})

    def raised(self, call: Any, error: BaseException, own_frames: int) -> Any:
        """Return the failure of a tool that raised; ``own_frames`` of the traceback are the worker's."""
        details = {
            "type": type_name(error),
            "message": message_of(error),
            "traceback": traceback_of(error, own_frames),
            "attributes": attributes_of(error, self.max_payload),
        }
        message = f"tool {call.tool!r} raised {details['type']}: {details['message']}"
        return WorkerFrame(failure={"call": call.id, "kind": Failure.RAISED, "message": message, "error": details})

    def described(self) -> Any:
        """Return the frame that lists the tools."""
        return WorkerFrame(tools={"tools": [_describe(found) for found in self._tools.values()]})

    def _unknown(self, name: str) -> str:
        return f"there is no tool {name[:100]!r}; the adapter has {', '.join(self._tools) or 'none'}"


def failure(call: Any, kind: int, message: str) -> Any:
    """Return the failure frame of a call."""
    return WorkerFrame(failure={"call": call.id, "kind": kind, "message": message})


def cancelled(call: Any, when: str) -> Any:
    """Return the failure frame of a call that its host has given up."""
    return failure(call, Failure.CANCELLED, f"cancelled {when}")


def end_of_stream(call: Any) -> Any:
    """Return the frame that follows a stream's last chunk."""
    return WorkerFrame(result={"call": call.id})


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
                described["default_value"] = payload.encode(parameter.default)
            except payload.NotEncodable:
                pass  # shown without its value: JSON has no word for it
        parameters.append(described)
    return {
        "name": found.name,
        "description": found.description,
        "streaming": found.streaming,
        "parameters": parameters,
        "returns": found.returns,
    }
