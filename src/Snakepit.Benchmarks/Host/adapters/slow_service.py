"""The showcase (example) adapter with a slower ``ping``, to check that the performance gate finds the fault."""

from __future__ import annotations

from typing import Any

from busy_wait import AMOUNT, spin

from snakepit_worker import tool
from snakepit_worker.adapters.showcase import ShowcaseAdapter


class SlowService(ShowcaseAdapter):
    """An adapter whose every ping uses ``AMOUNT`` microseconds of additional CPU time."""

    @tool
    def ping(self, message: str = "pong") -> dict[str, Any]:
        """Use additional CPU time, and then return what the ping of the showcase returns."""
        spin(AMOUNT / 1e6)
        return super().ping(message)
