"""Frames to calls: the one loop that every worker runs, whatever transport carries its frames."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from typing import Any

from . import payload
from .cancellation import CallCancelled, Interrupts
from .context import Context
from .failure import attributes_of, message_of, traceback_of, type_name
from .protocol import Failure, WorkerFrame
from .tool import InvalidArguments, Tool

Send = Callable[[Any], None]

_LOG = logging.getLogger("snakepit.worker")
_END = object()
# The worker's own frames above a tool's in a traceback: the dispatcher's, and Interrupts.run.
_OWN_FRAMES = 2


class _HostGone(Exception):
    """The stream ended while a call was waiting for credit."""


class Dispatcher:
    """Runs one call at a time, on the thread that reads the frames."""

    def __init__(self, worker: int, tools: list[Tool], interrupts: Interrupts, max_payload: int) -> None:
        """Serve ``tools`` as ``worker``; a result or chunk over ``max_payload`` bytes is refused."""
        self._worker = worker
        self._tools = {found.name: found for found in tools}
        self._interrupts = interrupts
        self._max_payload = max_payload
        self._draining = False

    def serve(self, frames: Iterator[Any], send: Send) -> None:
        """Answer frames until the host ends the stream."""
        for frame in frames:
            kind = frame.WhichOneof("frame")
            if kind == "call":
                try:
                    self._serve_call(frame.call, frames, send)
                except _HostGone:
                    return
            else:
                self._serve_between_calls(kind, frame, send)
            if self._draining:
                self._draining = False
                send(WorkerFrame(drained={}))  # the host ends the stream when this, and all before it, has arrived

    def _serve_between_calls(self, kind: str, frame: Any, send: Send) -> None:
        if kind == "ping":
            send(WorkerFrame(pong={"sequence": frame.ping.sequence}))
        elif kind == "list_tools":
            send(WorkerFrame(tools={"tools": [_describe(found) for found in self._tools.values()]}))
        elif kind == "drain":
            self._draining = True
        # A cancel or credit that is late by one call means nothing any more.

    def _serve_call(self, call: Any, frames: Iterator[Any], send: Send) -> None:
        found = self._tools.get(call.tool)
        if found is None:
            send(_failure(call, Failure.UNKNOWN_TOOL, self._unknown(call.tool)))
        elif found.streaming != call.streaming:
            send(_failure(call, Failure.WRONG_CALL_STYLE, _wrong_style(found)))
        else:
            try:
                context = Context(self._worker, call.id, call.timeout_ms)
                arguments = found.bind(payload.decode_object(call.arguments), context)
            except (InvalidArguments, ValueError, RecursionError) as error:
                send(_failure(call, Failure.INVALID_ARGUMENTS, message_of(error)))
                return
            if call.streaming:
                self._stream(call, found, arguments, frames, send)
            else:
                send(self._answer(call, found, arguments))

    def _answer(self, call: Any, found: Tool, arguments: Any) -> Any:
        if self._interrupts.is_cancelled(call.id):
            return _failure(call, Failure.CANCELLED, "cancelled before it ran")
        try:
            value = self._interrupts.run(call.id, found.function, **arguments)
        except BaseException as error:  # whatever a tool raises is its caller's, SystemExit included
            return self._failed(call, error)
        return self._encoded(call, value, "result")

    def _stream(self, call: Any, found: Tool, arguments: Any, frames: Iterator[Any], send: Send) -> None:
        interrupts, credit = self._interrupts, call.credit
        generator = last = None
        try:
            generator = found.function(**arguments)
            while last is None:
                if credit == 0:
                    credit = self._wait_for_credit(call.id, frames, send)
                if interrupts.is_cancelled(call.id):
                    last = _failure(call, Failure.CANCELLED, "cancelled between two chunks")
                elif (value := interrupts.run(call.id, next, generator, _END)) is _END:
                    last = WorkerFrame(result={"call": call.id})
                else:
                    frame = self._encoded(call, value, "chunk")
                    if frame.HasField("failure"):
                        last = frame
                    else:
                        send(frame)
                        credit -= 1
        except _HostGone:
            raise
        except BaseException as error:  # as above
            last = self._failed(call, error)
        finally:
            if generator is not None:
                _close(call, generator)
        send(last)

    def _wait_for_credit(self, call_id: int, frames: Iterator[Any], send: Send) -> int:
        """Read frames until this call may go on: return its new credit, 0 if it has been cancelled."""
        for frame in frames:
            kind = frame.WhichOneof("frame")
            if kind == "credit" and frame.credit.call == call_id:
                return int(frame.credit.chunks)
            if kind == "cancel" and frame.cancel.call == call_id:
                self._interrupts.cancel(call_id)
                return 0
            self._serve_between_calls(kind, frame, send)
        raise _HostGone

    def _encoded(self, call: Any, value: Any, kind: str) -> Any:
        try:
            encoded = payload.encode(value)
        except payload.NotEncodable as error:
            return _failure(call, Failure.RESULT_NOT_ENCODABLE, f"tool {call.tool!r}: {message_of(error)}")
        if len(encoded) > self._max_payload:
            return _failure(
                call,
                Failure.RESULT_TOO_LARGE,
                f"tool {call.tool!r}: a {kind} of {len(encoded):,} bytes is over the limit of {self._max_payload:,}",
            )
        return WorkerFrame(**{kind: {"call": call.id, "value": encoded}})

    def _failed(self, call: Any, error: BaseException) -> Any:
        if isinstance(error, CallCancelled) and self._interrupts.is_cancelled(call.id):
            return _failure(call, Failure.CANCELLED, "cancelled while it ran")
        details = {
            "type": type_name(error),
            "message": message_of(error),
            "traceback": traceback_of(error, _OWN_FRAMES),
            "attributes": attributes_of(error, self._max_payload),
        }
        message = f"tool {call.tool!r} raised {details['type']}: {details['message']}"
        return WorkerFrame(failure={"call": call.id, "kind": Failure.RAISED, "message": message, "error": details})

    def _unknown(self, name: str) -> str:
        return f"there is no tool {name[:100]!r}; the adapter has {', '.join(self._tools) or 'none'}"


def _close(call: Any, generator: Any) -> None:
    """End a stream before its time; one that has ended, by itself or by raising, is left as it is."""
    try:
        generator.close()
    except BaseException:  # the call has failed already, or nobody waits for it any more
        _LOG.warning("tool %r: closing its generator failed", call.tool, exc_info=True)


def _failure(call: Any, kind: int, message: str) -> Any:
    return WorkerFrame(failure={"call": call.id, "kind": kind, "message": message})


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
