"""Notices that the event loop is blocked: that one callback has been running for some time."""

from __future__ import annotations

import asyncio

from ..interrupts.patience import Patience


class LoopWatch:
    """Asks the event loop to call back, and counts how often it has not done so yet."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        """Watch ``loop``."""
        self._loop = loop
        self._waiting: Patience | None = None  # None if the loop has answered

    def is_blocked(self) -> bool:
        """Tell whether the loop has not answered for some time; if it has answered, ask it again.

        Call this method at each repetition of a cancellation. Any thread may call it, and the signal handler.
        """
        waiting = self._waiting
        if waiting is not None:
            return waiting.is_over()
        self._waiting = Patience()
        try:
            self._loop.call_soon_threadsafe(self._answer)
        except RuntimeError:
            self._waiting = None  # the loop is closed, because the host has gone
        return False

    def _answer(self) -> None:
        self._waiting = None
