"""Use CPU time, for adapters with a fault."""

from __future__ import annotations

import os
import time

AMOUNT = float(os.environ["SNAKEPIT_FAULT_AMOUNT"])
"""How large the fault is, in the unit of the adapter."""


def spin(seconds: float) -> None:
    """Use that much CPU time of this thread."""
    end = time.thread_time() + seconds
    while time.thread_time() < end:
        pass
