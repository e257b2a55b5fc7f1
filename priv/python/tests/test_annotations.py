"""Tests the checks of JSON values against type annotations."""

from __future__ import annotations

import collections
import dataclasses
import enum
import sys
import typing
import unittest
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Annotated, Any, Literal, NewType, Optional, TypeVar, Union

from snakepit_worker.tools.annotations import conversion_of, describe
from snakepit_worker.tools.conversions import Unfit

_SAMPLES: list[Any] = [None, True, False, 0, 5, 2**70, 1.0, 1.5, "", "text", [], [1], ["a"], {}, {"a": 1}]
_JSON_TYPES = "null bool int float str list dict"


def check_of(annotation: Any) -> Callable[[Any], bool]:
    """Return a function that tells whether a JSON value fits an annotation."""
    convert = conversion_of(annotation)

    def check(value: Any) -> bool:
        try:
            convert(value)
        except Unfit:
            return False
        return True

    return check


def _accepted(annotation: Any) -> str:
    """Return the types of JSON values that an annotation accepts. Fails if it accepts only some values of one type."""
    check = check_of(annotation)
    kinds: dict[str, set[bool]] = {}
    for value in _SAMPLES:
        kinds.setdefault("null" if value is None else type(value).__name__, set()).add(check(value))
    assert all(len(answers) == 1 for answers in kinds.values()), kinds
    return " ".join(kind for kind, answers in kinds.items() if answers == {True})


class Opaque:
    """A class whose objects JSON cannot express."""


class ArgumentChecks(unittest.TestCase):
    def test_the_annotations_int_str_bool_and_none_accept_only_values_of_that_type(self) -> None:
        for annotation, kinds in {int: "int", str: "str", bool: "bool", None: "null", type(None): "null"}.items():
            with self.subTest(annotation):
                self.assertEqual(_accepted(annotation), kinds)

    def test_a_bool_is_not_accepted_as_an_int_nor_an_int_as_a_bool(self) -> None:
        self.assertFalse(check_of(int)(True))
        self.assertFalse(check_of(bool)(1))
        self.assertFalse(check_of(float)(False))

    def test_a_float_accepts_an_integer_too(self) -> None:
        self.assertEqual(_accepted(float), "int float")

    def test_an_int_does_not_accept_a_float(self) -> None:
        self.assertFalse(check_of(int)(1.0))

    def test_any_and_object_accept_everything(self) -> None:
        for annotation in (Any, object):
            with self.subTest(annotation):
                self.assertEqual(_accepted(annotation), _JSON_TYPES)

    def test_a_union_accepts_what_one_of_its_options_accepts(self) -> None:
        for annotation in (Union[int, str, None], int | str | None, Optional[int | str]):  # noqa: UP007, UP045
            with self.subTest(annotation):
                self.assertEqual(_accepted(annotation), "null int str")

    def test_a_union_with_an_unknown_class_accepts_everything(self) -> None:
        self.assertEqual(_accepted(Opaque | None), _JSON_TYPES)

    def test_a_literal_accepts_a_value_only_with_the_type_of_the_option(self) -> None:
        check = check_of(Literal["fast", 1, None])
        self.assertTrue(all(map(check, ["fast", 1, None])))
        self.assertFalse(any(map(check, ["slow", True, 1.0, 0, [], {}])))

    def test_a_list_checks_its_items(self) -> None:
        check = check_of(list[int])
        self.assertTrue(check([]))
        self.assertTrue(check([1, 2, 2**70]))
        self.assertFalse(check([1, "2"]))
        self.assertFalse(check([True]))
        self.assertFalse(check({"0": 1}))
        self.assertFalse(check("12"))

    def test_every_list_like_annotation_accepts_a_list(self) -> None:
        for annotation in (list, tuple, typing.List, Sequence, Iterable, list[Any], Sequence[Any]):  # noqa: UP006
            with self.subTest(annotation):
                self.assertEqual(_accepted(annotation), "list")

    def test_the_innermost_items_of_a_nested_list_are_checked(self) -> None:
        check = check_of(list[list[float | None]])
        self.assertTrue(check([[1, 2.5], [None], []]))
        self.assertFalse(check([[1, 2.5], ["x"]]))

    def test_a_tuple_checks_its_items_and_one_of_fixed_length_its_length(self) -> None:
        self.assertEqual(conversion_of(tuple[int, ...])([1, 2]), (1, 2))
        self.assertFalse(check_of(tuple[int, ...])([1, "2"]))
        self.assertEqual(conversion_of(tuple[int, str])([1, "2"]), (1, "2"))
        self.assertEqual(conversion_of(tuple[()])([]), ())
        for value in (["1", "2"], [1], [1, "2", 3], "12"):
            with self.subTest(value):
                self.assertFalse(check_of(tuple[int, str])(value))
        self.assertFalse(check_of(tuple[()])([1]))

    def test_a_dict_checks_its_values(self) -> None:
        for annotation in (dict[str, int], Mapping[str, int], typing.Dict[str, int]):  # noqa: UP006
            with self.subTest(annotation):
                check = check_of(annotation)
                self.assertTrue(check({}))
                self.assertTrue(check({"a": 1}))
                self.assertFalse(check({"a": 1, "b": "2"}))
                self.assertFalse(check([["a", 1]]))

    def test_a_dict_without_value_type_accepts_any_object(self) -> None:
        for annotation in (dict, Mapping, dict[str, Any]):
            with self.subTest(annotation):
                self.assertEqual(_accepted(annotation), "dict")

    def test_the_metadata_of_annotated_is_ignored(self) -> None:
        self.assertEqual(_accepted(Annotated[int, "a positive number"]), "int")

    def test_an_annotation_that_json_cannot_express_accepts_everything(self) -> None:
        unknown = [
            Opaque,
            typing.get_args(list[Opaque])[0],
            "Unresolved",
            Callable[[int], int],
            TypeVar("T"),
            type[int],
        ]
        for annotation in unknown:
            with self.subTest(annotation):
                self.assertEqual(_accepted(annotation), _JSON_TYPES)

    def test_a_new_type_and_a_bound_type_variable_are_checked_like_the_type_behind_them(self) -> None:
        self.assertEqual(_accepted(NewType("UserId", int)), "int")
        self.assertEqual(_accepted(TypeVar("Number", bound=float)), "int float")

    def test_bytes_are_refused_with_what_to_do(self) -> None:
        for annotation in (bytes, bytearray):
            with self.subTest(annotation), self.assertRaises(Unfit) as caught:
                conversion_of(annotation)("AAAA")
            self.assertIn("base64.b64decode", caught.exception.message("given"))

    def test_an_annotation_whose_class_raises_is_not_checked(self) -> None:
        class Meta(type):
            def __hash__(cls) -> int:
                raise ValueError

        class Hostile(metaclass=Meta):
            pass

        self.assertEqual(_accepted(Hostile), _JSON_TYPES)

    def test_a_list_of_an_unknown_class_accepts_only_lists(self) -> None:
        self.assertEqual(_accepted(list[Opaque]), "list")
        self.assertEqual(_accepted(dict[str, Opaque]), "dict")

    def test_an_annotation_is_described_as_python_writes_it(self) -> None:
        for annotation, text in {
            int: "int",
            None: "None",
            type(None): "None",
            Any: "Any",
            list[int]: "list[int]",
            int | None: "int | None",
            Literal["a", "b"]: "Literal['a', 'b']",
            Sequence[str]: "Sequence[str]",
            dict[str, Any]: "dict[str, Any]",
            Opaque: "Opaque",
            "Unresolved": "Unresolved",
        }.items():
            with self.subTest(text):
                self.assertEqual(describe(annotation), text)


class Conversions(unittest.TestCase):
    def test_a_value_that_needs_no_conversion_is_passed_on_itself(self) -> None:
        for annotation, value in [
            (float, 1.5),
            (list[float], [1.5]),
            (dict[str, list[float]], {"a": [1.5]}),
            (list[list[int]], [[1]]),
            (float | None, None),
            (dict[str, Any], {"a": [1]}),
        ]:
            with self.subTest(annotation):
                self.assertIs(conversion_of(annotation)(value), value)

    def test_integers_become_floats_where_floats_are_wanted(self) -> None:
        for annotation, value, wanted in [
            (float, 5, "5.0"),
            (float | None, 5, "5.0"),
            (list[float], [1, 2.5], "[1.0, 2.5]"),
            (dict[str, float], {"a": 1}, "{'a': 1.0}"),
            (int | float, 5, "5"),
            (float | int, 5, "5"),
            (list[float] | list[int], [1], "[1]"),
            (float | str, "a", "'a'"),
        ]:
            with self.subTest(annotation):
                self.assertEqual(repr(conversion_of(annotation)(value)), wanted)

    def test_a_number_that_a_float_cannot_hold_is_refused(self) -> None:
        for value in (2**60 + 1, 10**400, float("inf")):
            for annotation, given in [(float, value), (list[float], [1.0, value]), (dict[str, float], {"a": value})]:
                with self.subTest(annotation, value=value):
                    self.assertFalse(check_of(annotation)(given))
        self.assertTrue(check_of(list[float])([1.7e308, 1.7e308]))  # their sum is infinite, they are not

    def test_the_path_of_a_value_that_does_not_fit_is_told(self) -> None:
        for annotation, value, path in [
            (list[dict[str, list[int]]], [{}, {"a": [1, "2"]}], "given[1].a[1]"),
            (dict[str, dict[str, int]], {"a b": {"c": None}}, 'given["a b"].c'),
            (tuple[int, list[str]], [1, ["a", 2]], "given[1][1]"),
            (list[int] | None, [1, None], "given[1]"),
        ]:
            with self.subTest(annotation), self.assertRaises(Unfit) as caught:
                conversion_of(annotation)(value)
            self.assertIn(repr(path), caught.exception.message("given"))

    def test_a_class_that_has_itself_as_a_field_is_converted(self) -> None:
        self.assertEqual(conversion_of(Tree)({"size": 1, "below": [{"size": 2}]}), Tree(1.0, [Tree(2.0, [])]))
        self.assertFalse(check_of(Tree)({"size": 1, "below": [{"size": "2"}]}))
        self.assertFalse(check_of(Tree)({"below": []}))

    def test_a_key_that_a_float_cannot_hold_is_refused_with_the_reason(self) -> None:
        convert = conversion_of(dict[float, int])
        for name, reason in [
            ("9007199254740993", "a float cannot hold all its digits"),
            ("1" + "0" * 5_000, "too large for a float"),
            ("1e400", "too large for a float"),
            ("nan", "no such value"),
            ("-inf", "no such value"),
            ("1_000", "no such value"),
            (" 1", "no such value"),
        ]:
            with self.subTest(name), self.assertRaises(Unfit) as caught:
                convert({name: 1})
            self.assertIn(reason, caught.exception.message("given"))
        names = ["9007199254740992", "0.1", "-0", "1E+16", "5", ".5", "10000000000000000000000"]
        self.assertEqual(repr(list(convert(dict.fromkeys(names, 1)))), repr(list(map(float, names))))

    def test_flags_with_a_bit_that_no_member_has_are_refused(self) -> None:
        for value, wanted in [(0, Permission(0)), (2, Permission.WRITE), (3, Permission.READ | Permission.WRITE)]:
            self.assertIs(conversion_of(Permission)(value), wanted)
        for annotation, value in [(Permission, 8), (Permission, 9), (Permission, -1), (Ejecting, 8)]:
            with self.subTest(annotation, value=value), self.assertRaises(Unfit) as caught:
                conversion_of(annotation)(value)
            self.assertIn(f"got int ({value}): ", caught.exception.message("given"))
        self.assertEqual(repr(conversion_of(Keeping)(9)), repr(Keeping(9)))  # an IntFlag keeps them all

    def test_a_default_dict_gets_the_factory_of_its_values(self) -> None:
        made = conversion_of(collections.defaultdict[str, list[int]])({"a": [1]})
        self.assertEqual((made["a"], made["b"]), ([1], []))


class Permission(enum.Flag):
    READ = 1
    WRITE = 2


class Keeping(enum.IntFlag):
    READ = 1


_boundary: Any = {"boundary": enum.EJECT} if sys.version_info >= (3, 11) else {}


class Ejecting(enum.Flag, **_boundary):
    READ = 1


@dataclasses.dataclass
class Tree:
    size: float
    below: list[Tree] = dataclasses.field(default_factory=list)
