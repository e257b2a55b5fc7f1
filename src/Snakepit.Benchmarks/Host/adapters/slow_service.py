"""The showcase with a slower ``ping``, to see that the performance gate finds it."""

from __future__ import annotations

from typing import Any

from busy_wait import AMOUNT, spin

from snakepit_worker import tool
from snakepit_worker.adapters.showcase import ShowcaseAdapter


class SlowService(ShowcaseAdapter):
    """Every ping uses that many microseconds of CPU time more."""

    @tool
    def ping(self, message: str = "pong") -> dict[str, Any]:
        """Return what the showcase's ping returns, later."""
        spin(AMOUNT / 1e6)
        return super().ping(message)
