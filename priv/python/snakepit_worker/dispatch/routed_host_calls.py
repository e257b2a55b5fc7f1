"""Host calls of several calls at a time: each answer goes to the call that asked."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .host_call_frames import HostCallFrames

if TYPE_CHECKING:
    from ..protocol.frames import WorkerFrame


class RoutedHostCalls(HostCallFrames):
    """Remembers which call each host call belongs to, until it is answered or withdrawn. On any thread."""

    def __init__(self, max_payload: int) -> None:
        """Refuse arguments of more than ``max_payload`` bytes."""
        super().__init__(max_payload)
        self._callers: dict[int, int] = {}

    def request(self, call_id: int, tool: str, arguments: dict[str, Any]) -> WorkerFrame:
        """Return the frame by which a call asks, and remember the call."""
        frame = super().request(call_id, tool, arguments)
        self._callers[frame.host_call.id] = call_id
        return frame

    def withdrawal(self, request_id: int) -> WorkerFrame:
        """Return the frame that withdraws a request, and forget the call."""
        self._callers.pop(request_id, None)
        return super().withdrawal(request_id)

    def take_caller(self, request_id: int) -> int:
        """Return the call that the answer to this request is for, 0 if the request was withdrawn."""
        return self._callers.pop(request_id, 0)
