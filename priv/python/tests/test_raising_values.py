"""Tests that what classes of the user raise while arguments are bound is reported with the parameter and the path."""

from __future__ import annotations

import collections
import dataclasses
import enum
import unittest
from typing import Any, NoReturn
from unittest import mock

from snakepit_worker import tool
from snakepit_worker.dispatch.main_loop import MainLoop
from snakepit_worker.tools.tool import InvalidArguments, Tool

raised: list[BaseException] = []  # the last one is what the classes below raise


def _raise(*_: object) -> NoReturn:
    raise raised[-1]


@dataclasses.dataclass
class Unhashable:
    x: int
    __hash__ = _raise  # type: ignore[assignment]


@dataclasses.dataclass
class Incomparable:
    x: int
    __eq__ = _raise  # type: ignore[assignment]

    def __hash__(self) -> int:
        return 1


class Key(enum.Enum):
    A = 1
    B = 2
    __hash__ = _raise  # type: ignore[assignment]


class EqualKey(enum.Enum):
    A = 1
    B = 2
    __eq__ = _raise  # type: ignore[assignment]

    def __hash__(self) -> int:
        return 1


class _Asks(enum.EnumMeta):
    def __instancecheck__(cls, instance: Any) -> bool:
        _raise()


class Bits(enum.IntFlag, metaclass=_Asks, boundary=enum.EJECT):
    A = 1
    B = 2


@dataclasses.dataclass
class Holder:
    it: Any


@tool
def takes_sets(
    first: set[Unhashable] | None = None, more: dict[str, list[frozenset[Incomparable]]] | None = None
) -> None:
    pass


@tool
def takes_keys(first: dict[Key, int] | None = None, more: list[dict[EqualKey, int]] | None = None) -> None:
    pass


@tool
def takes_counter(it: collections.Counter[Key]) -> None:
    pass


@tool
def takes_bits(it: Bits) -> None:
    pass


@tool
def takes_holder(it: Holder) -> None:
    pass


@tool
def takes_either(it: set[Unhashable] | list[Any]) -> Any:
    return it


@tool
def takes_float(number: float) -> float:
    return number


class RaisingValues(unittest.TestCase):
    def refusal(self, function: Any, **arguments: Any) -> str:
        with self.assertRaises(InvalidArguments) as caught:
            Tool(function).bind(arguments, None)
        return str(caught.exception).partition("): ")[2]

    def test_what_a_value_raises_while_a_container_is_made_is_named_with_its_path(self) -> None:
        for error in (ValueError("no"), SystemExit(3), KeyboardInterrupt(), RecursionError("no")):
            raised.append(error)
            name = type(error).__name__
            cases: list[tuple[Any, dict[str, Any], str]] = [
                (takes_sets, {"first": [{"x": 1}]}, "'first' must be set"),
                (takes_sets, {"more": {"a": [[], [{"x": 1}, {"x": 2}]]}}, "'more.a[1]' must be frozenset"),
                (takes_keys, {"first": {"A": 1}}, "'first.A' must be a key of dict"),
                (takes_keys, {"more": [{}, {"A": 1, "B": 2}]}, "'more[1].B' must be a key of dict"),
                (takes_counter, {"it": {"A": 1}}, "'it.A' must be a key of "),
                (takes_bits, {"it": 8}, "'it' must be Bits"),
            ]
            for function, arguments, fault in cases:
                with self.subTest(error=name, fault=fault):
                    message = self.refusal(function, **arguments)
                    self.assertTrue(message.startswith(fault), message)
                    self.assertIn(f": {name}", message)
                    self.assertEqual(message.count("must be"), 1)

    def test_what_an_annotation_raises_when_it_is_first_needed_is_named_with_the_parameter(self) -> None:
        raised.append(SystemExit("late"))
        found = Tool(takes_holder)
        # A metaclass or a descriptor of the user's may raise wherever typing looks at an annotation.
        with (
            mock.patch("snakepit_worker.tools.annotations.typing.get_origin", _raise),
            self.assertRaisesRegex(InvalidArguments, "'it' must be .*Holder, .*: SystemExit: late"),
        ):
            found.bind({"it": {"it": 1}}, None)

    def test_another_option_of_a_union_is_taken_if_a_value_raises(self) -> None:
        raised.append(ValueError("no"))
        self.assertEqual(Tool(takes_either).bind({"it": [{"x": 1}]}, None), {"it": [{"x": 1}]})

    def test_a_value_that_raises_once_is_named_although_it_would_not_raise_again(self) -> None:
        times: list[int] = []

        @dataclasses.dataclass
        class Once:
            x: int

            def __post_init__(self) -> None:
                times.append(self.x)
                if len(times) == 1:
                    raise ValueError("the first time")

        def takes_once(it: Any, other: int) -> None:
            pass

        takes_once.__annotations__ = {"it": Once, "other": int}
        message = self.refusal(tool(takes_once), it={"x": 1}, other="two")
        self.assertIn("'it' must be ", message)
        self.assertIn("ValueError: the first time; 'other' must be int", message)
        self.assertEqual(times, [1])

    def test_a_fault_of_the_worker_itself_is_not_reported_as_one_of_the_arguments(self) -> None:
        found = Tool(takes_float)
        with mock.patch("snakepit_worker.tools.conversions.is_decimal_class", None), self.assertRaises(TypeError):
            found.bind({"number": "text"}, None)

    def test_a_lack_of_memory_is_not_reported_as_a_fault_of_the_arguments(self) -> None:
        raised.append(MemoryError())
        with self.assertRaises(MemoryError):
            Tool(takes_sets).bind({"first": [{"x": 1}]}, None)


class FaultsOnTheLoop(unittest.TestCase):
    def test_a_callback_that_has_to_answer_a_call_and_exits_ends_the_worker_and_hangs_no_call(self) -> None:
        for error in (SystemExit(3), KeyboardInterrupt(), LookupError()):
            main = MainLoop()
            raised.append(error)
            main.call_soon(_raise)
            main.run()
            main.loop.close()
            self.assertIs(main.failure, error)
