"""The interface through which dispatchers use interrupts. For annotations only: no code imports it at run time."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Protocol


class Interrupts(Protocol):
    """Raises CallCancelled in the running call when that call is cancelled."""

    # Whether CallCancelled has ever been raised at an arbitrary point of a tool. The code in which it was raised may
    # have left anything half done, so the host is told with the call's answer.
    has_interrupted: bool
    # Whether the running call yields chunks. It then gets some time to yield before it is interrupted.
    is_stream: bool

    def is_cancelled(self, call_id: int) -> bool:
        """Tell whether the host has cancelled this call."""
        ...

    def cancel(self, call_id: int) -> None:
        """Record that the host has cancelled this call, without interrupting it."""
        ...

    def run(self, call_id: int, function: Callable[..., Any], /, *arguments: Any, **named: Any) -> Any:
        """Call ``function`` for the call ``call_id``. When that call is cancelled, CallCancelled is raised in it."""
        ...

    def pause(self, function: Callable[..., Any], /, *arguments: Any) -> Any:
        """Call ``function`` without interrupting it. Raises CallCancelled afterwards if the call was cancelled."""
        ...
