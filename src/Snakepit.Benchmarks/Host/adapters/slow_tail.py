"""The showcase (example) adapter with a ``ping`` that is sometimes slow, to check that the gate finds the fault."""

from __future__ import annotations

import random
import time
from typing import Any

from busy_wait import AMOUNT

from snakepit_worker import tool
from snakepit_worker.adapters.showcase import ShowcaseAdapter

_SHARE = 0.01


class SlowTail(ShowcaseAdapter):
    """An adapter of which one ping in a hundred, chosen at random, sleeps for ``AMOUNT`` milliseconds."""

    @tool
    def ping(self, message: str = "pong") -> dict[str, Any]:
        """Return what the ping of the showcase returns, sometimes after a sleep."""
        if random.random() < _SHARE:
            time.sleep(AMOUNT / 1e3)
        return super().ping(message)
