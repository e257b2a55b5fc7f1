"""The frame that answers nearly every call: a result or a chunk that is JSON, without attachments.

It is encoded here, because protobuf for Python interprets a description of each message that it creates and encodes.
That took a seventh of the worker's own time for a small call.
"""

from __future__ import annotations

from .frames import WorkerFrame


def _varint(number: int) -> bytes:
    """Return a number that is not negative in protobuf's encoding: seven bits a byte, the lowest ones first."""
    if number < len(_SMALL):
        return _SMALL[number]
    encoded = bytearray()
    while number >= 0x80:  # noqa: PLR2004  # the bit which tells that more bytes follow
        encoded.append(number & 0x7F | 0x80)
        number >>= 7
    encoded.append(number)
    return bytes(encoded)


# The bytes that precede the fields' values are those of protobuf.
_SMALL = [bytes((number,)) for number in range(0x80)]
_RESULT = WorkerFrame(result={}).SerializeToString()[:1]
_CHUNK = WorkerFrame(chunk={}).SerializeToString()[:1]
_CALL = WorkerFrame(result={"call": 1}).result.SerializeToString()[:1]
_VALUE = WorkerFrame(result={"value": b"0"}).result.SerializeToString()[:1]
_INTERRUPTED = WorkerFrame(interrupted=True).SerializeToString()


class ValueFrame:
    """A WorkerFrame that has a result or a chunk, in JSON without attachments, and may be ``interrupted``."""

    __slots__ = ("_call", "_kind", "_value", "interrupted")

    def __init__(self, call: int, value: bytes, is_chunk: bool) -> None:
        """Answer ``call`` with ``value``, JSON in UTF-8."""
        self._kind = _CHUNK if is_chunk else _RESULT
        self._call = call
        self._value = value
        self.interrupted = False

    def SerializeToString(self) -> bytes:  # the name of the same method of WorkerFrame
        """Return the bytes of the frame, which protobuf reads as a WorkerFrame."""
        value = self._value
        content = _CALL + _varint(self._call) + _VALUE + _varint(len(value)) + value
        encoded = self._kind + _varint(len(content)) + content
        return encoded + _INTERRUPTED if self.interrupted else encoded

    def message(self) -> WorkerFrame:
        """Return the same frame as a WorkerFrame, to which other fields can be added."""
        return WorkerFrame.FromString(self.SerializeToString())
