"""Tests that decorators which are classes, and other callable objects, keep what their function says about itself."""

from __future__ import annotations

import asyncio
import functools
import inspect
import unittest
from collections.abc import AsyncIterator, Callable, Iterator
from typing import Any

from snakepit_worker import Adapter, Context, tool
from snakepit_worker.tools.loading import tools_of
from snakepit_worker.tools.tool import Tool


class _Decorator:
    """What this class is for."""

    def __init__(self, function: Callable[..., Any]) -> None:
        wrapper: Any = self
        self.function = function
        functools.update_wrapper(wrapper, function)

    def __get__(self, adapter: Any, kind: Any = None) -> Any:
        return self if adapter is None else type(self)(self.function.__get__(adapter, kind))


class _Awaiting(_Decorator):
    async def __call__(self, *arguments: Any, **named: Any) -> Any:
        return await self.function(*arguments, **named)


class _Collecting(_Decorator):
    async def __call__(self, *arguments: Any, **named: Any) -> Any:
        return list(self.function(*arguments, **named))


class _Yielding(_Decorator):
    def __call__(self, *arguments: Any, **named: Any) -> Iterator[Any]:
        yield from self.function(*arguments, **named)


class _YieldingLater(_Decorator):
    async def __call__(self, *arguments: Any, **named: Any) -> AsyncIterator[Any]:
        for item in self.function(*arguments, **named):
            yield item


def _traced(function: Callable[..., Any]) -> Callable[..., Any]:
    @functools.wraps(function)
    def wrapper(*arguments: Any, **named: Any) -> Any:
        return function(*arguments, **named)

    return wrapper


async def _double(given: int, where: Context) -> int:
    """Double a number."""
    return 2 * given


def _count(given: int, where: Context) -> Iterator[int]:
    """Count to a number."""
    yield from range(given)


class _Undocumented:
    def __call__(self, given: int) -> int:
        return given


class _UndocumentedAsync:
    async def __call__(self, given: int) -> int:
        return given


class _Multiplying:
    def multiply(self, factor: int, given: int) -> int:
        """Multiply a number."""
        return factor * given

    __call__ = functools.partialmethod(multiply, 2)


class DecoratedObjects(unittest.TestCase):
    def test_annotations_docstring_and_context_are_those_of_the_function_whatever_the_object_gives(self) -> None:
        shapes: list[tuple[Any, tuple[bool, bool], str]] = [
            (_Awaiting(_double), (True, False), "Double a number."),
            (_Collecting(_count), (True, False), "Count to a number."),
            (_Yielding(_count), (False, True), "Count to a number."),
            (_YieldingLater(_count), (True, True), "Count to a number."),
            (_traced(_Awaiting(_double)), (True, False), "Double a number."),
            (_Awaiting(_traced(_Awaiting(_double))), (True, False), "Double a number."),
            (_Yielding(_traced(_Yielding(_count))), (False, True), "Count to a number."),
            (functools.partial(_Awaiting(_double)), (True, False), "Double a number."),
        ]
        for number, (function, facts, description) in enumerate(shapes):
            with self.subTest(number):
                made = Tool(tool(function))
                self.assertEqual((made.is_async, made.streaming), facts)
                self.assertEqual((made.description, made.takes_context), (description, True))
                self.assertEqual([(one.name, one.type) for one in made.parameters], [("given", "int")])
        self.assertEqual(asyncio.run(Tool(tool(_Collecting(_count))).function(given=3, where=None)), [0, 1, 2])

    def test_an_object_that_binds_itself_keeps_what_its_method_says(self) -> None:
        class Bound(Adapter):
            @tool
            @_Awaiting
            async def double(self, given: int, where: Context) -> int:
                """Double a number."""
                return 2 * given

        made = tools_of(Bound())[0]
        self.assertEqual((made.signature(), made.description), ("double(given: int)", "Double a number."))
        self.assertEqual((made.is_async, made.takes_context), (True, True))
        self.assertEqual(asyncio.run(made.function(given=21, where=None)), 42)

    def test_a_callable_object_without_a_docstring_has_no_description(self) -> None:
        for function in [_Undocumented(), _UndocumentedAsync(), functools.partial(_Undocumented())]:
            self.assertEqual(Tool(tool(function)).description, "")

    def test_a_docstring_of_the_object_itself_is_its_description(self) -> None:
        documented = _Awaiting(_double)
        documented.__doc__ = "Double it."
        self.assertEqual(Tool(tool(documented)).description, "Double it.")

    def test_a_call_that_is_no_function_is_looked_through(self) -> None:
        multiplying: Any = _Multiplying()
        made = Tool(tool(multiplying))
        self.assertEqual((made.description, made.signature()), ("Multiply a number.", "(given: int)"))
        self.assertEqual(made.function(given=21), 42)

    def test_a_signature_that_a_decorator_sets_counts_with_its_annotations(self) -> None:
        changed: Any = _Awaiting(_double)
        more = inspect.Parameter("factor", inspect.Parameter.KEYWORD_ONLY, annotation="float")
        changed.__signature__ = inspect.Signature([*inspect.signature(_double).parameters.values(), more])
        made = Tool(tool(changed))
        self.assertEqual((made.signature(), made.takes_context), ("_double(given: int, factor: float)", True))

    def test_a_partial_with_the_attributes_of_its_function_takes_what_it_lacks(self) -> None:
        partial = functools.partial(_count, 3)
        functools.update_wrapper(partial, _count)
        made = Tool(tool(partial))
        self.assertEqual((made.signature(), list(made.stream(where=None))), ("_count()", [0, 1, 2]))

    def test_a_function_that_chooses_by_position_is_refused_with_what_to_do(self) -> None:
        @functools.singledispatch
        def shown(value: object) -> str:
            return str(value)

        for function in [shown, _traced(shown), functools.partial(shown), _Awaiting(shown), _traced(_traced(shown))]:
            with self.assertRaisesRegex(TypeError, r"functools\.singledispatch chooses .* mark a function that calls"):
                Tool(tool(function))

        @tool
        @functools.wraps(shown)
        def calls_it(value: object) -> str:
            return shown(value)

        self.assertEqual(Tool(calls_it).function(value=1), "1")
