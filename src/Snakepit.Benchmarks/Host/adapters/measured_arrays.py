"""The showcase of arrays with the tools that the study of payloads needs."""

from __future__ import annotations

import tracemalloc

import numpy as np

from snakepit_worker import tool
from snakepit_worker.adapters.showcase.arrays import ArrayShowcase


class MeasuredArrays(ArrayShowcase):
    """The showcase of arrays with a tool that only takes one, and with tools that count what Python allocates."""

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
