"""What the showcase's themes share: each counts the calls that its worker has served."""

from __future__ import annotations

from snakepit_worker import Adapter


class CountingAdapter(Adapter):
    """An adapter whose tools count their calls."""

    def __init__(self) -> None:
        """Begin with no calls."""
        self._calls = 0
