"""Answers: what tools return and raise, as frames that the host accepts."""

from __future__ import annotations

from typing import Any

from ..payloads import codec
from ..payloads.errors import attributes_of, message_of, traceback_of, type_name
from ..protocol.messages import Failure, WorkerFrame


class HostGone(BaseException):
    """The stream has ended while a call waited for a frame. No tool's ``except Exception`` should stop it."""


def failure(call_id: int, kind: int, message: str) -> Any:
    """Return the answer to a call that has failed without an exception of the tool's."""
    return WorkerFrame(failure={"call": call_id, "kind": kind, "message": message})


class Answers:
    """Makes the answers to calls."""

    def __init__(self, max_payload: int) -> None:
        """Refuse a result or chunk of more than ``max_payload`` bytes."""
        self._max_payload = max_payload

    def value(self, call: Any, value: Any, kind: str) -> Any:
        """Return a ``"result"`` or ``"chunk"`` that carries ``value``, or the failure that says why it cannot."""
        try:
            encoded = codec.encode(value)
        except codec.NotEncodable as error:
            return failure(call.id, Failure.RESULT_NOT_ENCODABLE, f"tool {call.tool!r}: {message_of(error)}")
        if len(encoded) > self._max_payload:
            return failure(
                call.id,
                Failure.RESULT_TOO_LARGE,
                f"tool {call.tool!r}: a {kind} of {len(encoded):,} bytes is over the limit of {self._max_payload:,}",
            )
        return WorkerFrame(**{kind: {"call": call.id, "value": encoded}})

    def raised(self, call: Any, error: BaseException, own_frames: int) -> Any:
        """Return the failure that carries an exception, without the worker's ``own_frames`` above the tool's."""
        details = {
            "type": type_name(error),
            "message": message_of(error),
            "traceback": traceback_of(error, own_frames),
            "attributes": attributes_of(error, self._max_payload),
        }
        message = f"tool {call.tool!r} raised {details['type']}: {details['message']}"
        return WorkerFrame(failure={"call": call.id, "kind": Failure.RAISED, "message": message, "error": details})
