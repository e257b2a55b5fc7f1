"""Notices that the event loop is blocked: that one callback has been running for some time."""

from __future__ import annotations

import asyncio
import time

from ..interrupts.patience import PATIENCE


class LoopWatch:
    """Asks the event loop to call back, and measures how long it takes to do so."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        """Watch ``loop``."""
        self._loop = loop
        self._asked = 0.0  # when the loop was asked; 0 if it has answered

    def is_blocked(self) -> bool:
        """Tell whether the loop has not answered for PATIENCE; if it has answered, ask it again.

        Call this method repeatedly. Any thread may call it, and the signal handler.
        """
        if self._asked == 0.0:
            self._asked = time.monotonic()
            try:
                self._loop.call_soon_threadsafe(self._answer)
            except RuntimeError:
                self._asked = 0.0  # the loop is closed, because the host has gone
            return False
        return time.monotonic() - self._asked >= PATIENCE

    def _answer(self) -> None:
        self._asked = 0.0
