"""The adapter memory_probe with async tools, which make its worker run an event loop."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

from memory_probe import *  # noqa: F403
from memory_probe import _MIB, _kept  # pyright: ignore[reportPrivateUsage]

from snakepit_worker import Context, tool

concurrent = True


@tool
async def size_async(text: str) -> int:
    return len(text)


@tool
async def size_with_context_async(text: str, ctx: Context) -> int:
    _kept[:] = [ctx]
    return len(text)


@tool
async def size_then_raise_async(text: str) -> None:
    raise ValueError(f"{len(text)} characters")


@tool
async def size_then_chunks_async(text: str) -> AsyncIterator[int]:
    yield len(text)
    yield 2


@tool
async def make_async(mb: int) -> str:
    return "x" * (mb * _MIB)


@tool
async def make_chunks_async(mb: int) -> AsyncIterator[str]:
    yield "first"
    yield "x" * (mb * _MIB)


@tool
async def send_to_host_async(ctx: Context, mb: int) -> Any:
    return len(await ctx.host.call_async("give", mb=mb, text="x" * (mb * _MIB)))
