"""Makes the frames that answer calls, from what a tool returns or raises."""

from __future__ import annotations

import inspect
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from ..payloads import codec
from ..payloads.descriptions import LONGEST_MESSAGE, message_of, sendable, type_name
from ..payloads.errors import attributes_of, forget_locals, traceback_of
from ..process import forks
from ..protocol.frames import Failure, WorkerFrame
from ..protocol.value_frame import ValueFrame
from .attaching import OverLimit, attach

if TYPE_CHECKING:
    from ..payloads.encoded import Encoded
    from ..protocol.frames import Attachments, Call
    from ..protocol.streams import Frame


class UnsendableValue(Exception):
    """A result or chunk cannot be sent to the host; ``kind`` is the Failure.Kind that the call is answered with."""

    def __init__(self, kind: int, message: str) -> None:
        """Create the error with a ``message`` for the caller."""
        super().__init__(message)
        self.kind = kind


def failure(call_id: int, kind: int, message: str) -> WorkerFrame:
    """Return the failure frame for a call that failed for another reason than an exception in its tool."""
    return WorkerFrame(failure={"call": call_id, "kind": kind, "message": sendable(message, LONGEST_MESSAGE)})


def unsendable(call: Call, value: Any, error: codec.NotEncodable) -> UnsendableValue:
    """Return the error for a result or chunk that cannot be sent; it says what to do about an unfinished result."""
    kind, what = Failure.RESULT_NOT_ENCODABLE, f"tool {call.tool!r}"
    if isinstance(value, Iterator) and not call.streaming:
        kind = Failure.WRONG_CALL_STYLE
        reason = (
            "returned a generator; call it as a stream. If that is refused, write yield from in the tool, or annotate "
            "its result as Iterator[...]"
        )
    else:
        reason = _unfinished(value)
    return UnsendableValue(kind, f"{what} {reason}" if reason else f"{what}: {message_of(error)}")


def _unfinished(value: Any) -> str:
    """Return what to do about a result that has to be awaited or iterated; an empty text for any other result."""
    if inspect.iscoroutine(value):
        value.close()  # it has not begun, and Python would warn that it was never awaited
        return (
            "returned a coroutine that nothing has awaited: write the tool as async def, use functools.wraps in the "
            "decorator that wraps the async def function, or annotate the result as Awaitable[...]"
        )
    if inspect.isawaitable(value):
        return "returned an awaitable: await it in an async def function, or annotate its result as Awaitable[...]"
    if inspect.isasyncgen(value):
        return (
            "returned an asynchronous generator, but is not known as one: use functools.wraps in the decorator, or "
            "annotate its result as AsyncIterator[...], and call it as a stream"
        )
    return ""


class AnswerFrames:
    """Makes the frames that answer calls."""

    def __init__(self, max_payload: int) -> None:
        """Reject results and chunks of more than ``max_payload`` bytes."""
        self._max_payload = max_payload

    def result(self, call: Call, value: Any) -> Frame:
        """Return the frame that ends a call with the result ``value``. Raises UnsendableValue if it cannot be sent."""
        encoded = self._encoded(call, value, "result")
        if isinstance(encoded, bytes):
            return ValueFrame(call.id, encoded, is_chunk=False)
        frame = WorkerFrame(result={"call": call.id, "value": encoded.json})
        self._attach(frame.result.attachments, call, encoded, "result")
        return frame

    def chunk(self, call: Call, value: Any) -> Frame:
        """Return the frame that carries one ``value`` of a stream. Raises UnsendableValue if it cannot be sent."""
        encoded = self._encoded(call, value, "chunk")
        if isinstance(encoded, bytes):
            return ValueFrame(call.id, encoded, is_chunk=True)
        frame = WorkerFrame(chunk={"call": call.id, "value": encoded.json})
        self._attach(frame.chunk.attachments, call, encoded, "chunk")
        return frame

    def smaller(self, call: Call, answer: Frame, error: MemoryError) -> WorkerFrame:
        """Return the failure frame to send instead of ``answer``, because there was no memory to encode that."""
        frame = self.failed(call, error, own_frames=0)
        frame.interrupted = answer.interrupted
        return frame

    def failed(self, call: Call, error: BaseException, own_frames: int) -> WorkerFrame:
        """Return the failure frame for an error that a tool has raised, or that occurred while its answer was made.

        ``own_frames`` is the number of stack frames of the worker that precede the tool's frames in the traceback.
        """
        forks.end_if_forked(error)
        # isinstance would ask the error itself, which may be of a class of the user's.
        if type(error) is UnsendableValue:
            return failure(call.id, error.kind, str(error))
        kind, text = type_name(error), message_of(error)
        frame = WorkerFrame(
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
        forget_locals(error)
        return frame

    def _encoded(self, call: Call, value: Any, noun: str) -> bytes | Encoded:
        try:
            encoded = codec.encode(value)
        except codec.NotEncodable as error:
            raise unsendable(call, value, error) from error
        if isinstance(encoded, bytes) and len(encoded) > self._max_payload:
            raise _too_large(call, noun, f"{len(encoded):,} bytes, over the limit of {self._max_payload:,}")
        return encoded

    def _attach(self, to: Attachments, call: Call, encoded: Encoded, noun: str) -> None:
        try:
            attach(to, encoded, self._max_payload)
        except OverLimit as error:
            raise _too_large(call, noun, str(error)) from None


def _too_large(call: Call, noun: str, size: str) -> UnsendableValue:
    return UnsendableValue(Failure.RESULT_TOO_LARGE, f"tool {call.tool!r}: a {noun} takes {size}")
