"""Host calls as frames."""

from __future__ import annotations

import itertools
from typing import Any

from ..api.host import HostToolError
from ..payloads import codec
from ..protocol.messages import WorkerFrame

_LONGEST_NAME = 1024  # in UTF-8


class Questions:
    """Makes the HostCall frames of one worker, each with an id of its own."""

    def __init__(self, max_payload: int) -> None:
        """Refuse arguments of more than ``max_payload`` bytes."""
        self._ids = itertools.count(1)
        self._max_payload = max_payload

    def ask(self, call_id: int, tool: str, arguments: dict[str, Any]) -> Any:
        """Return the frame that asks; raises TypeError or ValueError for what a frame cannot carry."""
        if not isinstance(tool, str):
            raise TypeError(f"the name of a host tool is a str, not a {type(tool).__name__}")
        if len(tool.encode("utf-8", "surrogatepass")) > _LONGEST_NAME:
            raise ValueError(f"the name of a host tool has at most {_LONGEST_NAME:,} bytes: {tool[:100]!r}...")
        try:
            encoded = codec.encode(arguments, advice="pass") if arguments else b""
        except codec.NotEncodable as error:
            raise TypeError(f"the arguments of host tool {tool[:100]!r}: {error}") from error
        if len(encoded) > self._max_payload:
            raise ValueError(
                f"the arguments of host tool {tool[:100]!r}: {len(encoded):,} bytes are over the limit of "
                f"{self._max_payload:,}"
            )
        question = {"id": next(self._ids), "call": call_id, "tool": tool, "arguments": encoded}
        return WorkerFrame(host_call=question)


def outcome(tool: str, answer: Any) -> Any:
    """Return the value of a HostAnswer; raises HostToolError if it is an error."""
    if answer.HasField("error"):
        raise HostToolError(tool, answer.error.type, answer.error.message)
    return codec.decode(answer.value)


def taken_back(question: Any) -> Any:
    """Return the frame that says that nobody waits for this answer any more."""
    return WorkerFrame(host_cancel={"id": question.host_call.id})
