"""The tools of hostile_objects, on an event loop or on threads."""

from __future__ import annotations

from collections.abc import AsyncIterator, Generator
from typing import Any

import hostile_objects
from hostile_objects import *  # noqa: F403

from snakepit_worker import tool

concurrent = True


@tool
async def raises_async(kind: str) -> None:
    hostile_objects.raises(kind)


@tool
async def returns_async(kind: str) -> Any:
    return hostile_objects.returns(kind)


@tool
async def yields_async(kind: str) -> AsyncIterator[Any]:
    yield 1
    yield hostile_objects.returns(kind)


class _Awaited:
    def __await__(self) -> Generator[Any, Any, None]:
        yield hostile_objects.Unreadable()


@tool
async def awaits_async() -> None:
    await _Awaited()


@tool
async def with_set_async(given: list[set[hostile_objects.Keyed]]) -> int:
    return len(given)


@tool
async def with_set_in_async_stream(given: list[set[hostile_objects.Keyed]]) -> AsyncIterator[int]:
    yield len(given)


@tool
async def with_keys_async(given: dict[hostile_objects.Side, int]) -> int:
    return len(given)


@tool
async def with_checked_async(count: int, given: hostile_objects.Checked) -> int:
    return given.size
