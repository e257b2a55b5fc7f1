"""Host calls from several calls at a time: each answer is delivered to the call that made the host call."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .host_call_frames import HostCallFrames

if TYPE_CHECKING:
    from ..protocol.frames import WorkerFrame


class RoutedHostCalls(HostCallFrames):
    """Remembers which call made each host call, until it is answered or withdrawn. Any thread may call its methods."""

    def __init__(self, max_payload: int) -> None:
        """Reject arguments of more than ``max_payload`` bytes."""
        super().__init__(max_payload)
        self._callers: dict[int, int] = {}

    def request(self, call_id: int, tool: str, arguments: dict[str, Any]) -> WorkerFrame:
        """Return the frame that asks the host to run ``tool``, and remember which call asks."""
        frame = super().request(call_id, tool, arguments)
        self._callers[frame.host_call.id] = call_id
        return frame

    def withdrawal(self, request_id: int) -> WorkerFrame:
        """Return the frame that withdraws a host call, and forget which call made it."""
        self._callers.pop(request_id, None)
        return super().withdrawal(request_id)

    def take_caller(self, request_id: int) -> int:
        """Return the id of the call that made a host call, and forget it; 0 if the host call was withdrawn."""
        return self._callers.pop(request_id, 0)
