"""An adapter whose tools and start() bring back the default effects of signals, as asyncio does at a loop's end."""

from __future__ import annotations

import asyncio
import os
import signal

from snakepit_worker import tool

NUMBERS = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP, signal.SIGQUIT)


def _reset() -> None:
    for number in NUMBERS:
        signal.signal(number, signal.default_int_handler if number == signal.SIGINT else signal.SIG_DFL)


def start() -> None:
    _reset()


async def _handle() -> None:
    loop = asyncio.get_running_loop()
    for number in NUMBERS:
        loop.add_signal_handler(number, lambda: None)


@tool
def handle_in_loop() -> None:
    """Run a loop with signal handlers, which puts the default handlers in place when it is closed."""
    asyncio.run(_handle())


@tool
def reset() -> None:
    _reset()


@tool
def pid() -> int:
    return os.getpid()


if os.environ.get("PROBE_ASYNC"):

    @tool
    async def handle_in_task() -> None:
        await _handle()
        for number in NUMBERS:
            asyncio.get_running_loop().remove_signal_handler(number)
