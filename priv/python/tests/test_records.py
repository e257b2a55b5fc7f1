"""Tests how arguments become dataclasses, NamedTuples and TypedDicts, whatever their fields are annotated with."""

from __future__ import annotations

import dataclasses
import datetime
import sys
import unittest
from decimal import Decimal
from typing import TYPE_CHECKING, Any, ClassVar, Generic, NamedTuple, TypedDict, TypeVar

from snakepit_worker import tool
from snakepit_worker.tools.tool import InvalidArguments, Tool

if TYPE_CHECKING:
    from pandas import DataFrame  # pyright: ignore[reportMissingImports, reportUnknownVariableType]

T = TypeVar("T")
U = TypeVar("U")


@dataclasses.dataclass
class Order:
    price: float
    at: datetime.datetime
    amount: Decimal
    frame: DataFrame | None = None  # pyright: ignore[reportUnknownVariableType]


@dataclasses.dataclass
class LargeOrder(Order):
    discount: float = 0.0


@dataclasses.dataclass
class Basket:
    orders: list[LargeOrder]


@dataclasses.dataclass
class Scaled:
    x: float
    scale: dataclasses.InitVar[float] = 1.0
    unit: ClassVar[str] = "m"

    def __post_init__(self, scale: float) -> None:
        self.x *= scale


@dataclasses.dataclass
class Box(Generic[T]):
    value: T
    more: list[T] | None = None


@dataclasses.dataclass
class Labelled(Box[U], Generic[U]):
    label: U | None = None


@dataclasses.dataclass
class Reading(Box[float]):
    at: str = ""


class Entry(TypedDict, Generic[T]):
    it: T


class Pair(NamedTuple, Generic[T]):
    left: T
    right: T


@dataclasses.dataclass
class Node:
    value: float
    next: Node | None = None


class Records(unittest.TestCase):
    def made(self, annotation: Any, given: Any) -> Any:
        @tool
        def takes(it: Any) -> None: ...

        takes.__annotations__["it"] = annotation
        return Tool(takes).bind({"it": given}, None)["it"]

    def refused(self, annotation: Any, given: Any) -> str:
        with self.assertRaises(InvalidArguments) as refused:
            self.made(annotation, given)
        return str(refused.exception)

    def test_a_field_whose_annotation_cannot_be_resolved_leaves_the_others_checked(self) -> None:
        for kind in (Order, LargeOrder):
            made = self.made(kind, {"price": 1, "at": "2026-01-02T03:04:05", "amount": 2, "frame": {"a": [1]}})
            self.assertIs(type(made), kind)
            self.assertIs(type(made.price), float)
            self.assertEqual(made.at, datetime.datetime(2026, 1, 2, 3, 4, 5))
            self.assertEqual((made.amount, made.frame), (Decimal(2), {"a": [1]}))
            message = self.refused(kind, {"price": "abc", "at": 7, "amount": [1]})
            self.assertIn("'it.price' must be float, got str ('abc')", message)

    def test_the_digits_of_decimals_are_kept_in_fields_of_fields_and_of_base_classes(self) -> None:
        @tool
        def takes(it: Basket) -> None: ...

        self.assertTrue(Tool(takes).keeps_decimals)

    def test_an_init_var_is_an_argument_with_its_type_and_a_class_variable_is_none(self) -> None:
        self.assertEqual(self.made(Scaled, {"x": 2, "scale": 3}), Scaled(6.0))
        self.assertEqual(self.made(Scaled, {"x": 2}), Scaled(2.0))
        self.assertIn("'it.scale' must be float", self.refused(Scaled, {"x": 2, "scale": "abc"}))
        self.assertIn("unexpected 'unit'", self.refused(Scaled, {"x": 2, "unit": "km"}))

    def test_a_generic_class_has_the_types_that_it_is_given(self) -> None:
        for kind, given, wanted in (
            (Box[float], {"value": 5, "more": [1, 2]}, Box(5.0, [1.0, 2.0])),
            (Box[Box[float]], {"value": {"value": 3}}, Box(Box(3.0))),
            (Labelled[float], {"value": 1, "more": [2], "label": 3}, Labelled(1.0, [2.0], 3.0)),
            (Reading, {"value": 4, "more": [5], "at": "noon"}, Reading(4.0, [5.0], "noon")),
            (Entry[float], {"it": 1}, {"it": 1.0}),
            (Pair[float], [1, 2], Pair(1.0, 2.0)),
        ):
            with self.subTest(kind):
                made = self.made(kind, given)
                self.assertEqual((repr(made), made), (repr(wanted), wanted))
        self.assertIn("'it.value' must be float, got str ('abc')", self.refused(Box[float], {"value": "abc"}))
        self.assertIn("'it.value.value' must be float", self.refused(Box[Box[float]], {"value": {"value": []}}))

    def test_a_generic_class_without_types_takes_anything(self) -> None:
        self.assertEqual(self.made(Box, {"value": "abc"}), Box("abc"))

    def test_objects_are_nested_as_deeply_as_other_values(self) -> None:
        self.addCleanup(sys.setrecursionlimit, sys.getrecursionlimit())
        made = self.made(Node, self.nested(1_024))
        for _ in range(1_023):
            made = made.next
        self.assertEqual((made.value, made.next), (0.0, None))
        self.assertIn("sys.setrecursionlimit", self.refused(Node, self.nested(5_000)))

    def nested(self, levels: int) -> Any:
        value: Any = None
        for number in range(levels):
            value = {"value": number, "next": value}
        return value
