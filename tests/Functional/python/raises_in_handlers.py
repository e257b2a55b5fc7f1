"""An adapter with signal handlers that raise: while a tool runs, and while none does."""

from __future__ import annotations

import asyncio
import os
import signal
import time
from collections.abc import Iterator
from typing import Any

from snakepit_worker import Context, tool

concurrent = True

KINDS = {kind.__name__: kind for kind in (LookupError, SystemExit, KeyboardInterrupt, BaseException)}
runs: list[int] = []


def set_alarm(kind: str, seconds: float, interval: float = 0.0) -> None:
    def handler(*_: object) -> None:
        runs.append(1)
        raise KINDS[kind]("raised in the handler")

    signal.signal(signal.SIGALRM, handler)
    signal.setitimer(signal.ITIMER_REAL, seconds, interval)


def start() -> None:
    if kind := os.environ.get("ALARM_IN_START"):
        set_alarm(kind, 0.05, 0.001)


@tool
def alarms() -> int:
    """Return how often a handler has run."""
    return len(runs)


@tool
def pid() -> int:
    return os.getpid()


@tool
def silence() -> None:
    """Let no more alarms come."""
    signal.setitimer(signal.ITIMER_REAL, 0)


@tool
def echo(value: Any) -> Any:
    return value


@tool
def count(to: int) -> Iterator[int]:
    yield from range(to)


@tool
def ask(ctx: Context) -> Any:
    """Wait for the host while alarms come."""
    return ctx.host.call("slow")


def raised_while_waiting(kind: str) -> str:
    """Return what the handler raises in this function, which is the adapter's, and set the earlier handler again."""
    previous = signal.getsignal(signal.SIGALRM)
    set_alarm(kind, 0.05)
    own = signal.getsignal(signal.SIGALRM)
    try:
        time.sleep(20)
    except BaseException as error:
        return type(error).__name__
    finally:
        assert signal.signal(signal.SIGALRM, previous) is own
    return "nothing"


if os.environ.get("HAS_ASYNC_TOOLS"):

    @tool
    async def alarm(kind: str, seconds: float, interval: float) -> None:
        """Let alarms come when this call has ended."""
        set_alarm(kind, seconds, interval)

    @tool
    async def interrupted(kind: str) -> str:
        """Return what the handler raises in this tool, which blocks the event loop."""
        return raised_while_waiting(kind)

    @tool
    async def echo_later(value: Any) -> Any:
        await asyncio.sleep(0)
        return value

else:

    @tool
    def alarm(kind: str, seconds: float, interval: float) -> None:
        """Let alarms come when this call has ended."""
        set_alarm(kind, seconds, interval)

    @tool
    def interrupted(kind: str) -> str:
        """Return what the handler raises in this tool."""
        return raised_while_waiting(kind)
