"""The showcase (example) adapter in workers that start more slowly, to check that the gate finds the fault."""

from __future__ import annotations

from busy_wait import AMOUNT, spin

from snakepit_worker.adapters.showcase import ShowcaseAdapter


class SlowWorkerStart(ShowcaseAdapter):
    """An adapter with which every worker uses ``AMOUNT`` milliseconds of additional CPU time before its first call."""

    def start(self) -> None:
        """Start the worker, and then use additional CPU time."""
        super().start()
        spin(AMOUNT / 1e3)
