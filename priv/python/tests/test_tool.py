"""Tests how a tool is described to callers, and how the arguments of a call are checked and bound."""

from __future__ import annotations

import contextlib
import functools
import gc
import unittest
import weakref
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any, Literal

from snakepit_worker import Context, tool
from snakepit_worker.api.tool import is_tool
from snakepit_worker.tools.tool import InvalidArguments, Tool

if TYPE_CHECKING:
    from decimal import Decimal  # so that annotations name a class that does not exist at run time

    import snakepit_worker

_CONTEXT = Context(worker=3, call_id=7, timeout_ms=0)


@tool
def area(width: float, height: float = 1, *, unit: Literal["m", "ft"] = "m") -> float:
    """Return width times height."""
    return width * height


@tool
def collects(first: int, **rest: int) -> dict[str, int]:
    return {"first": first, **rest}


@tool
def knows_its_call(text: str, ctx: Context) -> list[Any]:
    return [text, ctx.worker]


@tool
def names_what_is_absent(price: Decimal, count: int, call: snakepit_worker.Context) -> int:
    return count


class Binding(unittest.TestCase):
    def bind(self, function: Callable[..., Any], /, **arguments: Any) -> Any:
        bound = Tool(function).bind(arguments, _CONTEXT)
        return Tool(function).function(**bound)

    def refusal(self, function: Callable[..., Any], /, **arguments: Any) -> str:
        with self.assertRaises(InvalidArguments) as caught:
            Tool(function).bind(arguments, _CONTEXT)
        return str(caught.exception)

    def test_arguments_arrive_by_name(self) -> None:
        self.assertEqual(self.bind(area, width=2, height=3.5), 7.0)

    def test_a_missing_argument_has_its_default(self) -> None:
        self.assertEqual(self.bind(area, width=2), 2)

    def test_missing_extra_and_mistyped_arguments_are_all_named_in_one_message(self) -> None:
        self.assertEqual(
            self.refusal(area, height="tall", unit="inch", depth=3),
            "area(width: float, height: float = 1, unit: Literal['m', 'ft'] = 'm'): missing 'width'; "
            "'height' must be float, got str ('tall'); 'unit' must be Literal['m', 'ft'], got str ('inch'); "
            "unexpected 'depth'",
        )

    def test_a_long_value_is_shortened_in_the_message(self) -> None:
        self.assertLess(len(self.refusal(area, width="x" * 10_000)), 250)

    def test_an_argument_that_is_refused_is_not_kept_until_python_looks_for_circles_of_references(self) -> None:
        class Value:
            pass

        made = Tool(area)
        gc.disable()
        self.addCleanup(gc.enable)
        for name in ("width", "unit"):
            arguments = {"width": 1.0, name: Value()}
            kept = weakref.ref(arguments[name])
            with contextlib.suppress(InvalidArguments):
                made.bind(arguments, _CONTEXT)
                self.fail(f"{name} must be refused")
            del arguments
            self.assertIsNone(kept(), name)

    def test_a_rest_parameter_takes_other_names_and_checks_their_values(self) -> None:
        self.assertEqual(self.bind(collects, first=1, second=2, rest=3), {"first": 1, "second": 2, "rest": 3})
        self.assertIn("'second' must be int, got str ('2')", self.refusal(collects, first=1, second="2"))

    def test_a_tool_without_parameters_refuses_arguments(self) -> None:
        @tool
        def nothing() -> int:
            return 1

        self.assertEqual(self.bind(nothing), 1)
        self.assertEqual(self.refusal(nothing, a=1), "nothing(): unexpected 'a'")

    def test_the_worker_passes_the_context(self) -> None:
        self.assertEqual(self.bind(knows_its_call, text="a"), ["a", 3])

    def test_the_context_cannot_be_given_by_a_caller(self) -> None:
        self.assertIn("unexpected 'ctx'", self.refusal(knows_its_call, text="a", ctx={"worker": 99}))

    def test_the_context_cannot_be_given_by_a_caller_through_a_rest_parameter(self) -> None:
        @tool
        def takes_all(ctx: Context, **rest: Any) -> Any:
            return rest

        self.assertEqual(self.bind(takes_all, a=1), {"a": 1})
        self.assertIn("unexpected 'ctx'", self.refusal(takes_all, ctx=None))

    def test_a_parameter_ctx_is_the_context_unless_it_is_annotated_as_something_else(self) -> None:
        @tool
        def unannotated(ctx):
            return ctx.call_id

        @tool
        def annotated(ctx: str) -> str:
            return ctx

        self.assertEqual(self.bind(unannotated), 7)
        self.assertEqual(self.bind(annotated, ctx="mine"), "mine")

    def test_parameters_may_have_any_name_that_python_allows(self) -> None:
        @tool
        def awkward(function: int, call_id: int, self_: int, arguments: int, value: int, name: int) -> int:
            return function + call_id + self_ + arguments + value + name

        names = {"function": 1, "call_id": 2, "self_": 3, "arguments": 4, "value": 5, "name": 6}
        self.assertEqual(self.bind(awkward, **names), 21)

    def test_an_annotation_imported_for_the_type_checker_only_is_not_checked_but_the_others_are(self) -> None:
        self.assertEqual(self.bind(names_what_is_absent, price="12.50", count=2), 2)
        self.assertIn("'count' must be int", self.refusal(names_what_is_absent, price=1, count="2"))

    def test_a_context_that_is_only_imported_for_the_type_checker_is_still_the_context(self) -> None:
        @tool
        def unresolved(call: snakepit_worker.Context, price: Decimal) -> int:
            return call.worker

        self.assertEqual(self.bind(unresolved, price=1), 3)
        self.assertIn("unexpected 'call'", self.refusal(unresolved, price=1, call=2))

    def test_an_annotation_that_is_not_a_type_is_not_checked(self) -> None:
        @tool
        def described(count: "a positive number") -> Any:  # noqa: F722 # type: ignore
            return count

        self.assertEqual(self.bind(described, count="anything"), "anything")

    def test_self_of_a_bound_method_is_not_an_argument(self) -> None:
        class Holder:
            @tool
            def double(self, value: int) -> int:
                return 2 * value

        self.assertEqual(self.bind(Holder().double, value=4), 8)
        self.assertIn("unexpected 'self'", self.refusal(Holder().double, value=4, self=1))

    def test_a_decorated_function_keeps_its_signature(self) -> None:
        @tool
        @_twice
        def increment(value: int) -> int:
            return value + 1

        self.assertEqual(self.bind(increment, value=1), 3)
        self.assertIn("'value' must be int", self.refusal(increment, value="1"))


class Descriptions(unittest.TestCase):
    def test_a_tool_is_described_by_its_name_docstring_parameters_and_result(self) -> None:
        described = Tool(area)
        self.assertEqual((described.name, described.description), ("area", "Return width times height."))
        self.assertEqual(described.returns, "float")
        self.assertFalse(described.streaming)
        self.assertEqual(
            [(p.name, p.type, p.required, p.default, p.collects_rest) for p in described.parameters],
            [
                ("width", "float", True, None, False),
                ("height", "float", False, 1, False),
                ("unit", "Literal['m', 'ft']", False, "m", False),
            ],
        )

    def test_a_rest_parameter_is_not_required_and_has_no_default(self) -> None:
        rest = Tool(collects).parameters[-1]
        self.assertTrue(rest.collects_rest)
        self.assertFalse(rest.required)
        self.assertEqual(Tool(collects).signature(), "collects(first: int, **rest: int)")

    def test_the_context_is_not_among_the_parameters(self) -> None:
        self.assertEqual(Tool(knows_its_call).signature(), "knows_its_call(text: str)")

    def test_an_annotation_that_cannot_be_resolved_is_described_as_it_was_written(self) -> None:
        self.assertEqual(Tool(names_what_is_absent).signature(), "names_what_is_absent(price: Decimal, count: int)")

    def test_name_and_description_can_be_given(self) -> None:
        @tool(name="sum", description="Adds.")
        def add(a: int, b: int) -> int:
            """Add."""
            return a + b

        self.assertEqual((Tool(add).name, Tool(add).description), ("sum", "Adds."))

    def test_a_tool_without_annotations_or_docstring_is_described_by_its_names(self) -> None:
        @tool
        def plain(a, b=1):
            return a + b

        described = Tool(plain)
        self.assertEqual((described.signature(), described.description, described.returns), ("plain(a, b = 1)", "", ""))

    def test_a_generator_is_a_stream(self) -> None:
        @tool
        def count(to: int) -> Iterator[int]:
            yield from range(to)

        self.assertTrue(Tool(count).streaming)

    def test_marking_a_function_leaves_it_callable_as_before(self) -> None:
        self.assertTrue(is_tool(area))
        self.assertFalse(is_tool(len))
        self.assertEqual(area(2, 3), 6)

    def test_a_signature_with_positional_only_parameters_is_refused(self) -> None:
        @tool
        def positional(a: int, /) -> int:
            return a

        @tool
        def varied(*numbers: int) -> int:
            return len(numbers)

        for function in (positional, varied):
            with self.subTest(function.__name__), self.assertRaisesRegex(TypeError, "callers give arguments by name"):
                Tool(function)

    def test_a_tool_knows_whether_it_is_async_and_whether_it_is_a_stream(self) -> None:
        @tool
        async def later() -> None:
            pass

        @tool
        async def later_and_later() -> Any:
            yield 1

        made = [Tool(function) for function in (area, later, later_and_later)]
        self.assertEqual(
            [(found.is_async, found.streaming) for found in made], [(False, False), (True, False), (True, True)]
        )


def _twice(function: Callable[[int], int]) -> Callable[[int], int]:
    @functools.wraps(function)
    def wrapper(value: int) -> int:
        return function(function(value))

    return wrapper
