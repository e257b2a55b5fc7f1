"""The showcase with a fault, injected to see that the performance gate finds it.

Environment variables say which and how grave.
"""

from __future__ import annotations

import os
import random
import time
from typing import Any

from snakepit_worker import tool
from snakepit_worker.adapters.showcase import ShowcaseAdapter

_KIND = os.environ["SNAKEPIT_FAULT"]
_AMOUNT = float(os.environ["SNAKEPIT_FAULT_AMOUNT"])
_TAIL_SHARE = 0.01


def _burn(seconds: float) -> None:
    end = time.thread_time() + seconds
    while time.thread_time() < end:
        pass


class FaultyShowcase(ShowcaseAdapter):
    """``Service``: every ping burns so many microseconds; ``Tail``: one in a hundred sleeps so many milliseconds;
    ``Startup``: the preparation burns so many milliseconds.
    """

    def prepare(self) -> None:
        """Prepare, slowly if that is the fault."""
        super().prepare()
        if _KIND == "Startup":
            _burn(_AMOUNT / 1e3)

    @tool
    def ping(self, message: str = "pong") -> dict[str, Any]:
        """Return what the showcase's ping returns, later if that is the fault."""
        if _KIND == "Service":
            _burn(_AMOUNT / 1e6)
        elif _KIND == "Tail" and random.random() < _TAIL_SHARE:
            time.sleep(_AMOUNT / 1e3)
        return super().ping(message)
