"""The showcase of arrays with the tools that payloads are measured with."""

from __future__ import annotations

import tracemalloc

import numpy as np

from snakepit_worker import tool
from snakepit_worker.adapters.showcase.arrays import ArrayShowcase


class MeasuredArrays(ArrayShowcase):
    """The showcase of arrays with tools that only take or only give one, and that count what Python allocates.

    An array has the numbers 0, 1, 2 ... as float32, so that both sides know what is right.
    """

    def __init__(self) -> None:
        """Create the adapter without any array."""
        super().__init__()
        self._taken: np.ndarray | None = None
        self._given: dict[int, np.ndarray] = {}

    @tool
    def take(self, array: np.ndarray) -> int:
        """Keep an array until ``count_right`` has looked at it, and return how many elements it has."""
        self._taken = array
        return array.size

    @tool
    def count_right(self, length: int) -> int:
        """Return how many elements of the array that was taken last are right, and let go of it.

        It is 0 if the length or the type is another one.
        """
        taken, self._taken = self._taken, None
        if taken is None or taken.shape != (length,) or taken.dtype != np.float32:
            return 0
        return int(np.count_nonzero(taken == np.arange(length, dtype=np.float32)))

    @tool
    def give(self, length: int) -> np.ndarray:
        """Return an array, which is made at the first call with its length only."""
        if length not in self._given:
            self._given[length] = np.arange(length, dtype=np.float32)
        return self._given[length]

    @tool
    def length(self, array: np.ndarray) -> int:
        """Return how many elements an array has."""
        return array.size

    @tool
    def begin_tracing(self) -> None:
        """Begin to count what Python allocates, or begin anew."""
        tracemalloc.start()
        tracemalloc.clear_traces()
        tracemalloc.reset_peak()

    @tool
    def end_tracing(self) -> int:
        """Return the most bytes that were allocated at a time since the count began, and count no more."""
        _, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        return peak
