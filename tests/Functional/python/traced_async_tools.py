"""The same tools beside async ones, several of which run at the same time."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any

from traced_tools import asks_host, sleeps_in, spans, stream, threads  # noqa: F401

from snakepit_worker import Context, tool

concurrent = True


@tool
async def sleeps_async_in(ctx: Context, name: str, ms: float) -> None:
    with ctx.span(name):
        await asyncio.sleep(ms / 1000)
        with ctx.span(f"inside {name}"):
            await asyncio.sleep(ms / 1000)


@tool
async def asks_host_twice_async(ctx: Context, name: str) -> Any:
    async def ask(number: int) -> Any:
        with ctx.span(f"asks {number}"):
            return await ctx.host.call_async(name)

    with ctx.span("both"):
        return await asyncio.gather(ask(1), ask(2))


@tool
async def stream_async(ctx: Context, upto: int) -> AsyncIterator[int]:
    with ctx.span("whole"):
        for number in range(upto):
            with ctx.span(f"chunk {number}"):
                await asyncio.sleep(0)
            yield number
