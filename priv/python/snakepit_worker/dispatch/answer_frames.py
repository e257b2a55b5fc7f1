"""Answers: what a tool returns or raises, as frames that the host accepts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ..payloads import codec
from ..payloads.errors import attributes_of, message_of, traceback_of, type_name
from ..protocol.frames import Failure, WorkerFrame

if TYPE_CHECKING:
    from ..protocol.frames import Call


class UnsendableValue(Exception):
    """A result or chunk that no frame can carry; ``kind`` is the Failure.Kind of the answer."""

    def __init__(self, kind: int, message: str) -> None:
        """Fail with a ``message`` for the caller."""
        super().__init__(message)
        self.kind = kind


def failure(call_id: int, kind: int, message: str) -> WorkerFrame:
    """Return the answer to a call that has failed without an exception of the tool's."""
    return WorkerFrame(failure={"call": call_id, "kind": kind, "message": message})


class AnswerFrames:
    """Makes the answers to calls."""

    def __init__(self, max_payload: int) -> None:
        """Refuse a result or chunk of more than ``max_payload`` bytes."""
        self._max_payload = max_payload

    def result(self, call: Call, value: Any) -> WorkerFrame:
        """Return the frame that ends a call with ``value``; raises UnsendableValue."""
        return WorkerFrame(result={"call": call.id, "value": self._encode(call, value, "result")})

    def chunk(self, call: Call, value: Any) -> WorkerFrame:
        """Return the frame that carries one ``value`` of a stream; raises UnsendableValue."""
        return WorkerFrame(chunk={"call": call.id, "value": self._encode(call, value, "chunk")})

    def failed(self, call: Call, error: BaseException, own_frames: int) -> WorkerFrame:
        """Return the failure for an error that a tool, or making its answer, has raised.

        ``own_frames`` is how many frames of the worker stand above the tool's in the error's traceback.
        """
        if isinstance(error, UnsendableValue):
            return failure(call.id, error.kind, str(error))
        kind, text = type_name(error), message_of(error)
        return WorkerFrame(
            failure={
                "call": call.id,
                "kind": Failure.RAISED,
                "message": f"tool {call.tool!r} raised {kind}: {text}",
                "error": {
                    "type": kind,
                    "message": text,
                    "traceback": traceback_of(error, own_frames),
                    "attributes": attributes_of(error, self._max_payload),
                },
            }
        )

    def _encode(self, call: Call, value: Any, noun: str) -> bytes:
        try:
            encoded = codec.encode(value)
        except codec.NotEncodable as error:
            raise UnsendableValue(Failure.RESULT_NOT_ENCODABLE, f"tool {call.tool!r}: {message_of(error)}") from error
        if len(encoded) > self._max_payload:
            raise UnsendableValue(
                Failure.RESULT_TOO_LARGE,
                f"tool {call.tool!r}: a {noun} of {len(encoded):,} bytes is over the limit of {self._max_payload:,}",
            )
        return encoded
