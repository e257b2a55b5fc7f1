"""The showcase (example) adapter with a slower preparation, to check that the performance gate finds the fault."""

from __future__ import annotations

from busy_wait import AMOUNT, spin

from snakepit_worker.adapters.showcase import ShowcaseAdapter


class SlowPreparation(ShowcaseAdapter):
    """An adapter whose preparation in the template uses ``AMOUNT`` milliseconds of additional CPU time."""

    def prepare(self) -> None:
        """Prepare the showcase, and then use additional CPU time."""
        super().prepare()
        spin(AMOUNT / 1e3)
