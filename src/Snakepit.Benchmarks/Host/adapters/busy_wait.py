"""A function that uses CPU time on purpose, and the size of the injected fault, for the adapters that have a fault."""

from __future__ import annotations

import os
import time

AMOUNT = float(os.environ["SNAKEPIT_FAULT_AMOUNT"])
"""The size of the fault, in a unit that each adapter defines."""


def spin(seconds: float) -> None:
    """Keep this thread busy until it has used ``seconds`` of CPU time."""
    end = time.thread_time() + seconds
    while time.thread_time() < end:
        pass
