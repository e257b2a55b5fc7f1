"""The showcase with a ``ping`` that is slow now and then, to see that the performance gate finds it."""

from __future__ import annotations

import random
import time
from typing import Any

from busy_wait import AMOUNT

from snakepit_worker import tool
from snakepit_worker.adapters.showcase import ShowcaseAdapter

_SHARE = 0.01


class SlowTail(ShowcaseAdapter):
    """One ping in a hundred sleeps for that many milliseconds."""

    @tool
    def ping(self, message: str = "pong") -> dict[str, Any]:
        """Return what the showcase's ping returns, sometimes later."""
        if random.random() < _SHARE:
            time.sleep(AMOUNT / 1e3)
        return super().ping(message)
