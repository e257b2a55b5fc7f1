"""The base class of the showcase's tools, which counts the calls that a worker has served."""

from __future__ import annotations

from snakepit_worker import Adapter


class CountingAdapter(Adapter):
    """An adapter whose tools count their calls."""

    def __init__(self) -> None:
        """Start the count at 0."""
        self._calls = 0
