"""The tools that calls are measured with, and tools that wait until they are cancelled, and tell when that was."""

from __future__ import annotations

import asyncio
import time
from pathlib import Path

from measured_calls import MeasuredCalls

from snakepit_worker import tool


class FailingCalls(MeasuredCalls):
    """Tools that write to the file ``log``, if it is given, when they have begun, and when they were cancelled.

    The time is in nanoseconds of the monotonic clock, which all processes of the machine share.
    """

    @tool
    async def wait_at_safe_point(self, seconds: float, log: str = "") -> None:
        """Wait in an ``await``, so that the worker goes on when the call was cancelled."""
        try:
            _append(log, "begun")
            await asyncio.sleep(seconds)
        except BaseException:
            _append(log, str(time.monotonic_ns()))
            raise

    @tool
    def wait_in_sleep(self, seconds: float, log: str = "") -> None:
        """Wait in a sleep, which has to be interrupted, so that the worker is replaced when the call was cancelled."""
        try:
            _append(log, "begun")
            time.sleep(seconds)
        except BaseException:
            _append(log, str(time.monotonic_ns()))
            raise


def _append(log: str, line: str) -> None:
    if log:
        with Path(log).open("a") as opened:
            opened.write(f"{line}\n")
