"""An adapter whose tools may run at the same time: on threads, or on an event loop."""

from __future__ import annotations

import asyncio
import os
import threading
import time
from collections.abc import AsyncIterator, Iterator
from typing import Any

from probe_adapter import busy_loop, count, pid, sleep_wait, uninterruptible, until, value  # noqa: F401
from probe_marks import mark

from snakepit_worker import Context, tool

concurrent = True

_meeting = threading.Barrier(4)
_async_meeting: list[asyncio.Future[None]] = []
_left_behind: list[asyncio.Future[None]] = []


@tool
def meet() -> int:
    """Wait until four calls of this tool run at the same time, and then return."""
    return _meeting.wait(timeout=20)


@tool
async def meet_async() -> int:
    """Wait until four calls of this tool run at the same time, and then return."""
    mine: asyncio.Future[None] = asyncio.get_running_loop().create_future()
    _async_meeting.append(mine)
    if len(_async_meeting) == 4:
        for other in _async_meeting:
            other.set_result(None)
        _async_meeting.clear()
    await mine
    return threading.get_ident()


@tool
async def value_async(given: Any, ms: float = 0) -> Any:
    await asyncio.sleep(ms / 1000)
    return given


@tool
async def wait_async(marker: str = "", cleaned: str = "") -> None:
    try:
        mark(marker)
        await asyncio.sleep(1000)
    finally:
        mark(cleaned, "cleaned up")


@tool
async def clean_up_slowly_async(marker: str, cleaned: str) -> None:
    """Clean up for longer than a coroutine may block the loop before it is interrupted."""
    try:
        mark(marker)
        await asyncio.sleep(1000)
    finally:
        for _ in range(10):
            await asyncio.sleep(0.03)
        mark(cleaned, "cleaned up")


@tool
async def block_the_loop_later(gate: str) -> None:
    """Return at once, and leave a task behind that blocks the event loop for ever once the file ``gate`` exists."""

    async def block() -> None:
        while not os.path.exists(gate):
            await asyncio.sleep(0.002)
        time.sleep(1000)

    _left_behind.append(asyncio.ensure_future(block()))


@tool
async def busy_async(marker: str = "") -> None:
    """Block the event loop for ever with Python code."""
    mark(marker)
    while True:
        pass


@tool
async def sleep_async(marker: str = "") -> None:
    """Block the event loop in C code that a signal can interrupt."""
    mark(marker)
    time.sleep(1000)


@tool
async def uninterruptible_async(marker: str = "") -> None:
    """Block the event loop in C code that signals cannot interrupt."""
    uninterruptible(marker)


@tool
async def raise_async() -> None:
    raise ValueError("raised on the loop")


@tool
async def count_async(upto: int, produced: str = "") -> AsyncIterator[int]:
    number = 0
    try:
        for number in range(upto):
            yield number
    finally:
        mark(produced, str(number))


@tool
def count_slowly(upto: int, delay_ms: float) -> Iterator[int]:
    for number in range(upto):
        time.sleep(delay_ms / 1000)
        yield number


@tool
async def ask_host_async(ctx: Context, name: str, arguments: dict[str, Any]) -> Any:
    return await ctx.host.call_async(name, **arguments)


@tool
async def ask_host_impatiently(ctx: Context, name: str) -> str:
    """Call a host tool, and stop waiting for its answer after a short time."""
    try:
        await asyncio.wait_for(ctx.host.call_async(name), timeout=0.05)
    except TimeoutError:
        return "taken back"
    return "answered"


@tool
def ask_host_from_thread(ctx: Context, name: str, arguments: dict[str, Any]) -> Any:
    return ctx.host.call(name, **arguments)


@tool
def remember(ctx: Context) -> int:
    """Return how many calls this session has had in this worker."""
    assert ctx.session is not None
    total = ctx.session.state["total"] = ctx.session.state.get("total", 0) + 1
    return total
