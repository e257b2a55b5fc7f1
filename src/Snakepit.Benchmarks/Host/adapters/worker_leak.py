"""The tools that the growth of memory is measured with, and a ``ping`` that leaks, to check that the leak is found."""

from __future__ import annotations

import sys
from typing import Any

from busy_wait import AMOUNT
from measured_memory import MeasuredMemory

from snakepit_worker import tool

_kept: list[bytes] = []


class WorkerLeak(MeasuredMemory):
    """An adapter whose every ping keeps an object of ``AMOUNT`` bytes."""

    @tool
    def ping(self, message: str = "pong") -> dict[str, Any]:
        """Keep an object for ever, and then return what the ping of the showcase returns."""
        _kept.append(bytes(int(AMOUNT) - sys.getsizeof(b"")))
        return super().ping(message)
