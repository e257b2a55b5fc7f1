"""Makes the frames of host calls, in which a tool calls a function of the .NET program, and reads the answers."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING, Any

from ..api.host import HostToolError
from ..payloads import codec
from ..protocol.frames import WorkerFrame
from .attaching import OverLimit, attach

if TYPE_CHECKING:
    from ..protocol.frames import HostAnswer, HostCallFields

_LONGEST_NAME = 1024  # bytes of UTF-8; the C# code has the same limit


class HostCallFrames:
    """Makes the frames of one worker's host calls, each with a unique id."""

    def __init__(self, max_payload: int) -> None:
        """Reject arguments of more than ``max_payload`` bytes."""
        self._ids = itertools.count(1)
        self._max_payload = max_payload

    def request(self, call_id: int, tool: str, arguments: dict[str, Any]) -> WorkerFrame:
        """Return the frame that asks the host to run ``tool``. Raises TypeError or ValueError if it cannot be sent."""
        if not isinstance(tool, str):  # pyright: ignore[reportUnnecessaryIsInstance] (it comes from the user's code)
            raise TypeError(f"the name of a host tool is a str, not a {type(tool).__name__}")
        if len(tool.encode("utf-8", "surrogatepass")) > _LONGEST_NAME:
            raise ValueError(
                f"the name of a host tool may have {_LONGEST_NAME:,} bytes, but {tool[:100]!r}... has more"
            )
        try:
            encoded = codec.encode(arguments, advice="pass") if arguments else b""
        except codec.NotEncodable as error:
            raise TypeError(f"the arguments of host tool {tool[:100]!r}: {error}") from error
        fields: HostCallFields = {"id": next(self._ids), "call": call_id, "tool": tool}
        if isinstance(encoded, bytes):
            if len(encoded) > self._max_payload:
                raise self._too_large(tool, f"{len(encoded):,} bytes, over the limit of {self._max_payload:,}")
            fields["arguments"] = encoded
            return WorkerFrame(host_call=fields)
        fields["arguments"] = encoded.json
        frame = WorkerFrame(host_call=fields)
        try:
            attach(frame.host_call.attachments, encoded, self._max_payload)
        except OverLimit as error:
            raise self._too_large(tool, str(error)) from None
        return frame

    @staticmethod
    def _too_large(tool: str, size: str) -> ValueError:
        return ValueError(f"the arguments of host tool {tool[:100]!r} take {size}")

    def withdrawal(self, request_id: int) -> WorkerFrame:
        """Return the frame that tells the host that the tool no longer waits for the answer to a host call."""
        return WorkerFrame(host_cancel={"id": request_id})


def value_of(tool: str, answer: HostAnswer) -> Any:
    """Return the value of a host tool's answer; raises HostToolError if it is an error, or cannot be read exactly."""
    if answer.HasField("error"):
        raise HostToolError(tool, answer.error.type, answer.error.message)
    received = answer.attachments.items if answer.HasField("attachments") else ()
    try:
        return codec.decode(answer.value, received)
    except ValueError as error:
        raise HostToolError(tool, "ValueError", f"its result cannot be read: {error}") from None
