"""The showcase in workers that start more slowly, to see that the performance gate finds it."""

from __future__ import annotations

from busy_wait import AMOUNT, spin

from snakepit_worker.adapters.showcase import ShowcaseAdapter


class SlowWorkerStart(ShowcaseAdapter):
    """Every worker uses that many milliseconds of CPU time more before its first call."""

    def start(self) -> None:
        """Start the worker, and take longer."""
        super().start()
        spin(AMOUNT / 1e3)
