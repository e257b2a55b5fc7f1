"""Tools that are not plain functions: wrapped in decorators, partials, callable objects."""

from __future__ import annotations

import asyncio
import functools
import inspect
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from typing import Any

from snakepit_worker import Context, tool


def traced(function: Callable[..., Any]) -> Callable[..., Any]:
    """Wrap a function as many decorators do: in a plain function that returns what the wrapped one returns."""

    @functools.wraps(function)
    def wrapper(*arguments: Any, **named: Any) -> Any:
        return function(*arguments, **named)

    return wrapper


def untraced(function: Callable[..., Any]) -> Callable[..., Any]:
    def wrapper(given: int) -> Any:
        return function(given)

    return wrapper


def run_to_end(function: Callable[..., Any]) -> Callable[..., Any]:
    @functools.wraps(function)
    def wrapper(*arguments: Any, **named: Any) -> Any:
        return asyncio.run(function(*arguments, **named))

    return wrapper


def as_task(function: Callable[..., Any]) -> Callable[..., Any]:
    @functools.wraps(function)
    def wrapper(*arguments: Any, **named: Any) -> Any:
        return asyncio.create_task(function(*arguments, **named))

    return wrapper


class Traced:
    """A decorator that is a class."""

    def __init__(self, function: Callable[..., Any]) -> None:
        self.function = function
        functools.update_wrapper(self, function)

    def __call__(self, *arguments: Any, **named: Any) -> Any:
        return self.function(*arguments, **named)


class Awaiting(Traced):
    async def __call__(self, *arguments: Any, **named: Any) -> Any:
        return await self.function(*arguments, **named)


class Yielding(Traced):
    def __call__(self, *arguments: Any, **named: Any) -> Iterator[Any]:
        yield from self.function(*arguments, **named)


def collected(function: Callable[..., Any]) -> Callable[..., Any]:
    @functools.wraps(function)
    def wrapper(*arguments: Any, **named: Any) -> Any:
        return list(function(*arguments, **named))

    return wrapper


@tool
@traced
async def wrapped_async(given: int) -> int:
    """Double a number."""
    await asyncio.sleep(0)
    return 2 * given


@tool
@traced
@traced
def wrapped_generator(given: int) -> Iterator[int]:
    yield from range(given)


@tool
@traced
async def wrapped_async_generator(given: int) -> AsyncIterator[int]:
    for number in range(given):
        await asyncio.sleep(0)
        yield number


@tool
@traced
async def wrapped_with_host(ctx: Context, given: int) -> Any:
    return await ctx.host.call_async("double", given=given)


@traced
@tool
async def marked_below(given: int) -> int:
    return 2 * given


@tool
@run_to_end
async def wrapped_to_its_end(given: int) -> int:
    await asyncio.sleep(0)
    return 2 * given


@tool
@as_task
async def wrapped_in_task(given: int) -> int:
    await asyncio.sleep(0)
    return 2 * given


@tool
@as_task
async def wrapped_in_task_and_waiting() -> None:
    await asyncio.sleep(1_000)


@tool
@Traced
async def object_async(given: int) -> int:
    return 2 * given


@tool
@Traced
def object_generator(given: int) -> Iterator[int]:
    yield from range(given)


@tool
@Awaiting
async def awaited_by_object(given: int, where: Context) -> Any:
    """Double with the host."""
    return await where.host.call_async("double", given=given)


@tool
@Yielding
def yielded_by_object(given: int) -> Iterator[int]:
    """Count."""
    yield from range(given)


@tool
@collected
def wrapped_to_a_list(given: int) -> Iterator[int]:
    yield from range(given)


@tool
@traced
async def wrapped_and_waiting() -> None:
    await asyncio.sleep(1_000)


@tool
def annotated_iterator(given: int) -> Iterator[int]:
    return iter(range(given))


@tool
def annotated_awaitable(given: int) -> Awaitable[int]:
    async def later() -> int:
        return 2 * given

    return later()


@tool(name="hidden_async")
@untraced
async def hidden_async(given: int) -> int:
    return 2 * given


@tool(name="hidden_generator")
@untraced
def hidden_generator(given: int) -> Iterator[int]:
    yield given


@tool(name="hidden_async_generator")
@untraced
async def hidden_async_generator(given: int) -> AsyncIterator[int]:
    yield given


def _multiply(factor: int, given: int) -> int:
    """Multiply two numbers."""
    return factor * given


async def _multiply_later(factor: int, given: int) -> int:
    return factor * given


def _count(start: int, given: int) -> Iterator[int]:
    yield from range(start, given)


class _Multiplier:
    def __init__(self, factor: int) -> None:
        self.factor = factor

    def __call__(self, given: int) -> int:
        """Multiply a number."""
        return self.factor * given


class _LaterMultiplier(_Multiplier):
    async def __call__(self, given: int) -> int:  # type: ignore[override]
        return self.factor * given


class _Counter(_Multiplier):
    def __call__(self, given: int) -> Iterator[int]:  # type: ignore[override]
        yield from range(given)


class _Holder:
    @staticmethod
    def static_method(given: int) -> int:
        return 2 * given

    def method(self, given: int) -> int:
        return 2 * given


partial_tool = tool(functools.partial(_multiply, 2))
partial_async = tool(functools.partial(_multiply_later, 2))
partial_generator = tool(functools.partial(_count, 0))
callable_tool = tool(_Multiplier(2))
callable_async = tool(_LaterMultiplier(2))
callable_generator = tool(_Counter(2))
named_callable = tool(name="a_callable", description="Doubles.")(_Multiplier(2))
lambda_tool = tool(lambda given: 2 * given)
cached_tool = tool(functools.lru_cache(functools.partial(_multiply, 2)))
method = tool(_Holder().method)
static_method = tool(_Holder.static_method)


def _supplies(function: Callable[..., int]) -> Callable[..., int]:
    @functools.wraps(function)
    def supplied(*arguments: Any, **named: Any) -> int:
        return function(2, *arguments, **named)

    return supplied


def _takes(**_: Any) -> Callable[[Callable[..., int]], Callable[..., int]]:
    def decorator(function: Callable[..., int]) -> Callable[..., int]:
        @functools.wraps(function)
        def taken(*arguments: Any, factor: int = 1, **named: Any) -> int:
            return factor * function(*arguments, **named)

        return taken

    return decorator


def _tells(function: Callable[..., int]) -> Callable[..., int]:
    supplied: Any = _supplies(function)
    signature = inspect.signature(function)
    supplied.__signature__ = signature.replace(parameters=list(signature.parameters.values())[1:])
    return supplied


supplied = tool(name="supplied")(_supplies(_multiply))
taken = tool(name="taken")(_takes()(_supplies(_multiply)))
told = tool(name="told")(_tells(_multiply))
cached_again = tool(name="cached_again")(functools.lru_cache(_multiply))
