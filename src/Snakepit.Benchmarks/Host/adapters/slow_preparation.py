"""The showcase with a slower preparation, to see that the performance gate finds it."""

from __future__ import annotations

from busy_wait import AMOUNT, spin

from snakepit_worker.adapters.showcase import ShowcaseAdapter


class SlowPreparation(ShowcaseAdapter):
    """The template uses that many milliseconds of CPU time more before it forks workers."""

    def prepare(self) -> None:
        """Prepare the showcase, and take longer."""
        super().prepare()
        spin(AMOUNT / 1e3)
