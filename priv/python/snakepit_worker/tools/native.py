"""Wraps tools in Python code: those that are not Python functions, and those whose result shows what they are.

Code of this module counts as the tool's own, so a cancellation may be raised in it.
"""

from __future__ import annotations

import inspect
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from typing import Any

from ..payloads.descriptions import class_of


def in_python_frame(function: Callable[..., Any]) -> Callable[..., Any]:
    """Wrap a function in Python code, because a cancellation can be raised only in a Python stack frame of the tool."""

    def call(**arguments: Any) -> Any:
        return function(**arguments)

    return call


def as_coroutine(function: Callable[..., Any], runs_own_loop: bool) -> Callable[..., Any]:
    """Wrap a function that probably returns an awaitable, in an async function that returns what the caller gets.

    The function is called on the running loop, because it may make a task, unless it ``runs_own_loop``.
    """

    async def call(**arguments: Any) -> Any:
        result = _call_outside_loop(function, arguments) if runs_own_loop else function(**arguments)
        return await result if inspect.isawaitable(result) else result

    return call


def as_stream(name: str, function: Callable[..., Any]) -> Callable[..., Iterator[Any]]:
    """Wrap a function that probably returns a generator, in a generator."""

    def stream(**arguments: Any) -> Iterator[Any]:
        result = function(**arguments)
        if not isinstance(result, Iterator):
            raise TypeError(
                f"tool {name!r} returned a {class_of(result)} instead of a generator; call it with ExecuteAsync"
            )
        yield from result

    return stream


def as_async_stream(name: str, function: Callable[..., Any]) -> Callable[..., AsyncIterator[Any]]:
    """Wrap a function that probably returns an asynchronous generator, in an asynchronous generator."""

    async def stream(**arguments: Any) -> AsyncIterator[Any]:
        result: Any = function(**arguments)
        if not hasattr(result, "__anext__"):
            raise TypeError(
                f"tool {name!r} returned a {class_of(result)} instead of an asynchronous generator; "
                "yield its items in an async def function"
            )
        try:
            async for item in result:
                yield item
        finally:
            if hasattr(result, "aclose"):
                await result.aclose()

    return stream


def _call_outside_loop(function: Callable[..., Any], arguments: Mapping[str, Any]) -> Any:
    """Call a function as if no event loop ran: it runs a coroutine to its end, with asyncio.run."""
    import asyncio

    loop = asyncio.get_running_loop()
    asyncio._set_running_loop(None)  # pyright: ignore[reportPrivateUsage]
    try:
        return function(**arguments)
    finally:
        asyncio._set_running_loop(loop)  # pyright: ignore[reportPrivateUsage]
        asyncio.set_event_loop(loop)  # asyncio.run has set it to None
