"""Tests that a tool is recognised as what calling it gives, whatever decorators are around it."""

from __future__ import annotations

import asyncio
import functools
import types
import unittest
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from typing import Any

from snakepit_worker import Adapter, tool
from snakepit_worker.tools.loading import tools_of
from snakepit_worker.tools.tool import Tool


class _Decorator:
    """A decorator as many libraries have it: an object with the attributes of the function that it wraps."""

    def __init__(self, function: Callable[..., Any]) -> None:
        self.function = function
        functools.update_wrapper(self, function)

    def __call__(self, *arguments: Any, **named: Any) -> Any:
        return self.function(*arguments, **named)


class _Partial(_Decorator):
    def __get__(self, adapter: Any, kind: Any = None) -> Any:
        return self if adapter is None else functools.partial(self, adapter)


class _Method(_Decorator):
    def __get__(self, adapter: Any, kind: Any = None) -> Any:
        return self if adapter is None else types.MethodType(self, adapter)


async def _double(given: int) -> int:
    """Double a number."""
    await asyncio.sleep(0)
    return 2 * given


def _count(given: int) -> Iterator[int]:
    yield from range(given)


async def _count_later(given: int) -> AsyncIterator[int]:
    for number in range(given):
        yield number


def _traced(function: Callable[..., Any]) -> Callable[..., Any]:
    @functools.wraps(function)
    def wrapper(*arguments: Any, **named: Any) -> Any:
        return function(*arguments, **named)

    return wrapper


def _as_task(function: Callable[..., Any]) -> Callable[..., Any]:
    @functools.wraps(function)
    def wrapper(*arguments: Any, **named: Any) -> Any:
        return asyncio.create_task(function(*arguments, **named))

    return wrapper


def _ensured(function: Callable[..., Any]) -> Callable[..., Any]:
    @functools.wraps(function)
    def wrapper(*arguments: Any, **named: Any) -> Any:
        return asyncio.ensure_future(function(*arguments, **named))

    return wrapper


def _gathered(function: Callable[..., Any]) -> Callable[..., Any]:
    @functools.wraps(function)
    def wrapper(*arguments: Any, **named: Any) -> Any:
        async def first() -> Any:
            return (await asyncio.gather(function(*arguments, **named)))[0]

        return asyncio.get_running_loop().create_task(first())

    return wrapper


class _AsTask(_Decorator):
    def __call__(self, *arguments: Any, **named: Any) -> Any:
        return asyncio.create_task(self.function(*arguments, **named))


def _run_to_end(function: Callable[..., Any]) -> Callable[..., Any]:
    @functools.wraps(function)
    def wrapper(*arguments: Any, **named: Any) -> Any:
        return _helper(function(*arguments, **named))

    return wrapper


def _helper(coroutine: Any) -> Any:
    return asyncio.run(coroutine)


def _run_on_new_loop(function: Callable[..., Any]) -> Callable[..., Any]:
    @functools.wraps(function)
    def wrapper(*arguments: Any, **named: Any) -> Any:
        loop = asyncio.new_event_loop()
        try:
            return loop.run_until_complete(function(*arguments, **named))
        finally:
            loop.close()

    return wrapper


def _annotated(given: int) -> Awaitable[int]:
    return asyncio.ensure_future(_double(given))


def _facts(made: Tool) -> tuple[bool, bool]:
    return made.is_async, made.streaming


class Recognising(unittest.TestCase):
    def test_an_object_that_wraps_a_function_is_what_that_function_is(self) -> None:
        for function, facts in [
            (_double, (True, False)),
            (_count, (False, True)),
            (_count_later, (True, True)),
            (_traced(_double), (True, False)),
            (_Decorator(_double), (True, False)),
        ]:
            made = Tool(tool(_Decorator(function)))
            self.assertEqual(_facts(made), facts)
            self.assertEqual((made.name, made.signature()), (function.__name__, f"{function.__name__}(given: int)"))
        self.assertEqual(Tool(tool(_Decorator(_double))).description, "Double a number.")
        self.assertEqual(asyncio.run(Tool(tool(_Decorator(_double))).function(given=21)), 42)
        self.assertEqual(list(Tool(tool(_Decorator(_count))).stream(given=3)), [0, 1, 2])

    def test_a_method_may_be_wrapped_in_an_object_that_binds_itself(self) -> None:
        class Wrapped(Adapter):
            factor = 2

            @tool
            @_Partial
            async def bound_by_partial(self, given: int) -> int:
                return self.factor * given

            @tool
            @_Method
            async def bound_as_method(self, given: int) -> int:
                return self.factor * given

            @tool(name="renamed", description="Given.")
            @_Partial
            def plain(self, given: int) -> int:
                return self.factor * given

        tools = {made.name: made for made in tools_of(Wrapped())}
        self.assertEqual(sorted(tools), ["bound_as_method", "bound_by_partial", "renamed"])
        for name in ("bound_by_partial", "bound_as_method"):
            self.assertEqual((_facts(tools[name]), tools[name].signature()), ((True, False), f"{name}(given: int)"))
            self.assertEqual(asyncio.run(tools[name].function(given=21)), 42)
        self.assertEqual((tools["renamed"].function(given=21), tools["renamed"].description), (42, "Given."))

    def test_a_decorator_that_makes_a_task_is_called_on_the_running_loop(self) -> None:
        functions = [_as_task(_double), _ensured(_double), _gathered(_double), _AsTask(_double), _annotated]
        for function in [*functions, _traced(_as_task(_double))]:
            made = Tool(tool(functools.partial(function)))
            self.assertEqual((_facts(made), asyncio.run(made.function(given=21))), ((True, False), 42))

    def test_a_decorator_that_runs_a_loop_of_its_own_is_called_outside_of_the_running_one(self) -> None:
        for function in [_run_to_end(_double), _run_on_new_loop(_double), _traced(_run_to_end(_double))]:
            self.assertEqual(asyncio.run(Tool(tool(functools.partial(function))).function(given=21)), 42)
