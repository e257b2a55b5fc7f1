"""What a dispatcher needs of interrupts. For annotations only: nothing imports it at run time."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Protocol


class Interrupts(Protocol):
    """Raises CallCancelled in the call that runs, when that call is cancelled."""

    def is_cancelled(self, call_id: int) -> bool:
        """Tell whether the host has given up this call."""
        ...

    def cancel(self, call_id: int) -> None:
        """Note that the host has given up this call, without interrupting it."""
        ...

    def run(self, call_id: int, function: Callable[..., Any], /, *arguments: Any, **named: Any) -> Any:
        """Call ``function`` as part of a call; raises CallCancelled out of it when that call is cancelled."""
        ...

    def pause(self, function: Callable[..., Any], /, *arguments: Any) -> Any:
        """Call ``function`` without interrupting it; raises CallCancelled afterwards if the call was cancelled."""
        ...
