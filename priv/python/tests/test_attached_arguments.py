"""Tests how bytes, arrays and numbers beside the JSON of arguments are converted as annotations tell."""

from __future__ import annotations

import array
import collections
import dataclasses
import decimal
import math
import struct
import types
import unittest
import unittest.mock
from collections.abc import Sequence
from typing import Annotated, Any, Literal, NamedTuple, TypedDict

from snakepit_worker import tool
from snakepit_worker.payloads import codec
from snakepit_worker.payloads.attached import Attached
from snakepit_worker.tools.tool import InvalidArguments, Tool

from .attached_values import sent

_FLOATS = array.array("d", [1.5, 2.5])
_SINGLES = array.array("f", [1.5, -math.inf])
_BYTES = b"\x00\xffabc"
_GRID = memoryview(struct.pack("<6i", *range(6))).cast("i", [2, 3])


@dataclasses.dataclass
class Picture:
    pixels: bytes
    more: Any = None


class Pair(NamedTuple):
    first: bytes
    second: Any


class Fields(TypedDict):
    raw: bytearray


class Model:
    """What a model of pydantic looks like."""

    model_fields: dict[str, Any] = {}  # noqa: RUF012

    def __init__(self, values: Any) -> None:
        self.values = values

    @classmethod
    def model_validate(cls, values: Any) -> Model:
        return cls(values)


class OldModel:
    """What a model of pydantic before version 2 looks like."""

    __fields__: dict[str, Any] = {}  # noqa: RUF012

    def __init__(self, values: Any) -> None:
        self.values = values

    @classmethod
    def parse_obj(cls, values: Any) -> OldModel:
        return cls(values)


class AttachedTestCase(unittest.TestCase):
    def bound(self, annotation: Any, value: Any) -> Any:
        """Return what a tool gets for ``value`` if its parameter has this annotation; fails if it gets Attached."""

        def takes(value: Any) -> Any:
            return value

        takes.__annotations__["value"] = annotation
        json, attachments = sent({"value": value})
        made = Tool(tool(takes))
        arguments = codec.decode_object(json, made.keeps_decimals, attachments)
        bound = made.bind(arguments, None, has_attached=bool(attachments))["value"]
        with unittest.mock.patch.object(Attached, "__repr__", lambda _: "Attached"):
            self.assertNotIn("Attached", f"{bound!r} {getattr(bound, '__dict__', '')}")
        return bound

    def refusal(self, annotation: Any, value: Any) -> str:
        with self.assertRaises(InvalidArguments) as caught:
            self.bound(annotation, value)
        self.assertNotIn("Attached", str(caught.exception))
        return str(caught.exception)

    def assert_bound(self, annotation: Any, value: Any, wanted: Any) -> None:
        found = self.bound(annotation, value)
        self.assertEqual((type(found), repr(found)), (type(wanted), repr(wanted)))


class AttachedArguments(AttachedTestCase):
    def test_bytes_become_the_class_of_the_annotation(self) -> None:
        octets = array.array("B", _BYTES)
        for value in (_BYTES, octets):
            self.assert_bound(bytes, value, _BYTES)
            self.assert_bound(bytearray, value, bytearray(_BYTES))
            self.assertEqual(self.bound(memoryview, value), _BYTES)
            self.assert_bound(bytes | None, value, _BYTES)
            self.assert_bound(Annotated[bytes, "raw"], value, _BYTES)
            self.assertTrue(self.bound(memoryview, value).readonly)
            self.assert_bound(array.array, value, octets)
        self.assert_bound(list[bytes], [b"", b"1"], [b"", b"1"])
        self.assert_bound(dict[str, bytes], {"a": b"1"}, {"a": b"1"})
        self.assert_bound(tuple[bytes, int], [b"1", 2], (b"1", 2))
        self.assert_bound(set[bytes], [b"1"], {b"1"})

    def test_bytes_are_not_copied_on_the_way_to_the_tool(self) -> None:
        json, attachments = sent({"value": _BYTES})
        (attached,) = codec.decode_object(json, received=attachments).values()
        self.assertIs(attached.to_bytes(), attached.content.obj)

    def test_arrays_become_lists_whose_items_are_checked(self) -> None:
        self.assert_bound(list[float], _FLOATS, [1.5, 2.5])
        self.assert_bound(list[float], _SINGLES, [1.5, -math.inf])
        self.assert_bound(list[float], array.array("q", [1, 2]), [1.0, 2.0])
        self.assert_bound(list, _FLOATS, [1.5, 2.5])
        self.assert_bound(list[int], array.array("B", b"ab"), [97, 98])
        self.assert_bound(Sequence[float], _FLOATS, [1.5, 2.5])
        self.assert_bound(tuple[float, ...], _FLOATS, (1.5, 2.5))
        self.assert_bound(tuple[float, float], _FLOATS, (1.5, 2.5))
        self.assert_bound(frozenset[float], _FLOATS, frozenset({1.5, 2.5}))
        self.assert_bound(collections.deque[float], _FLOATS, collections.deque([1.5, 2.5]))
        self.assert_bound(list[list[int]], _GRID, [[0, 1, 2], [3, 4, 5]])
        self.assert_bound(list[list[float]], _GRID, [[0.0, 1.0, 2.0], [3.0, 4.0, 5.0]])
        self.assert_bound(list[tuple[int, int, int]], _GRID, [(0, 1, 2), (3, 4, 5)])
        self.assert_bound(list[array.array], _GRID, [array.array("i", [0, 1, 2]), array.array("i", [3, 4, 5])])
        self.assert_bound(str | list[float], _FLOATS, [1.5, 2.5])
        self.assert_bound(list[float], [1, math.nan, 2.5], [1.0, math.nan, 2.5])

    def test_items_that_do_not_fit_are_refused_with_their_path(self) -> None:
        self.assertIn("'value[0]' must be int, got float (1.5)", self.refusal(list[int], _FLOATS))
        self.assertIn("'value[1]' must be int, got float (nan)", self.refusal(list[int], [1, math.nan]))
        self.assertIn(
            "'value[0]' must be float, got an array of int32 with shape (3,): annotate it",
            self.refusal(list[float], _GRID),
        )
        self.assertIn("it has 2 items instead of 3", self.refusal(tuple[float, float, float], _FLOATS))
        self.assertIn("'value' must be list[int], got bytes", self.refusal(list[int], _BYTES))
        self.assertIn("a float cannot hold all its digits", self.refusal(list[float], array.array("q", [2**60 + 1])))

    def test_a_float_may_be_nan_or_infinite(self) -> None:
        for number in (math.nan, math.inf, -math.inf):
            self.assert_bound(float, number, number)
            self.assert_bound(float | None, number, number)
            self.assert_bound(float | str, number, number)
            self.assert_bound(dict[str, float], {"a": number, "b": 1}, {"a": number, "b": 1.0})
            for annotation in (int, str, bool, Literal[1, "a"], list[float], decimal.Decimal, bytes):
                with self.subTest(annotation):
                    self.assertIn(f"got float ({number})", self.refusal(annotation, number))

    def test_a_complex_number_may_be_any_number(self) -> None:
        for number in (1j, complex(math.nan, -0.0), math.inf, 5, 2.5):
            self.assert_bound(complex, number, complex(number))
        self.assertIn("'value' must be complex, got str ('1')", self.refusal(complex, "1"))
        self.assertIn("'value' must be float, got complex (1j): annotate it as complex", self.refusal(float, 1j))
        self.assert_bound(list[complex], [1, 2.5, 1j], [1 + 0j, 2.5 + 0j, 1j])

    def test_a_memoryview_has_the_format_and_shape_of_an_array(self) -> None:
        for value in (_GRID, memoryview(_FLOATS), memoryview(b"abcd").cast("B", [2, 2]), memoryview(array.array("h"))):
            view = self.bound(memoryview, value)
            found = (view.format, view.shape, view.tolist(), view.readonly)
            self.assertEqual(found, (value.format, value.shape, value.tolist(), True))
        self.assertIn("must be memoryview, got str ('a')", self.refusal(memoryview, "a"))

    def test_an_array_of_the_standard_library_has_a_fitting_type_of_items(self) -> None:
        for code in "bBhHiIqQfd":
            self.assert_bound(array.array, array.array(code, [1, 2]), array.array(code, [1, 2]))
        self.assert_bound(array.array, [1, 2], array.array("q", [1, 2]))
        self.assert_bound(array.array, [1, 2.5, math.nan], array.array("d", [1, 2.5, math.nan]))
        annotated: Any = types.GenericAlias(array.array, (float,))
        self.assert_bound(annotated, array.array("i", [1]), array.array("d", [1]))
        self.assertIn("one dimension", self.refusal(array.array, _GRID))
        self.assertIn("no fitting type", self.refusal(types.GenericAlias(array.array, (int,)), _FLOATS))
        self.assertIn("must be array, got dict", self.refusal(array.array, {}))

    def test_what_is_not_checked_is_native(self) -> None:
        class Opaque:
            pass

        value = {"a": [_BYTES, {"b": _GRID, "c": math.nan}], "d": 1j, "e": _FLOATS}
        wanted = {"a": [_BYTES, {"b": [[0, 1, 2], [3, 4, 5]], "c": math.nan}], "d": 1j, "e": [1.5, 2.5]}
        for annotation in (Any, object, dict, dict[str, Any], Opaque, Opaque | None, "Unresolved", Any | None):
            with self.subTest(annotation):
                self.assert_bound(annotation, value, wanted)
        self.assert_bound(list, [_GRID, [_BYTES]], [[[0, 1, 2], [3, 4, 5]], [_BYTES]])
        self.assert_bound(list[Any], _GRID, [[0, 1, 2], [3, 4, 5]])
        self.assert_bound(tuple[Any, Any], [_BYTES, [_FLOATS]], (_BYTES, [[1.5, 2.5]]))
        self.assert_bound(list[Opaque | int], [_BYTES, 1], [_BYTES, 1])

    def test_empty_arrays_become_empty_lists(self) -> None:
        self.assert_bound(list[float], array.array("d"), [])
        self.assert_bound(Any, array.array("d"), [])

    def test_classes_with_fields_get_native_values_where_nothing_is_checked(self) -> None:
        self.assert_bound(Picture, {"pixels": b"1", "more": [_FLOATS]}, Picture(b"1", [[1.5, 2.5]]))
        self.assert_bound(Pair, {"first": b"1", "second": {"a": b"2"}}, Pair(b"1", {"a": b"2"}))
        self.assert_bound(Pair, [b"1", 1j], Pair(b"1", 1j))
        self.assert_bound(Fields, {"raw": b"1"}, {"raw": bytearray(b"1")})
        for kind in (Model, OldModel):
            self.assertEqual(self.bound(kind, {"a": [_BYTES, _FLOATS]}).values, {"a": [_BYTES, [1.5, 2.5]]})
        self.assertIn("'value' must be Picture, got bytes", self.refusal(Picture, b"1"))
        self.assertIn("'value.pixels' must be bytes, got an array", self.refusal(Picture, {"pixels": _FLOATS}))

    def test_rest_parameters_and_unannotated_ones_get_native_values(self) -> None:
        @tool
        def takes(first, **rest):
            return first, rest

        json, attachments = sent({"first": b"1", "second": [_FLOATS], "third": {"a": 1j}})
        made = Tool(takes)
        bound = made.bind(codec.decode_object(json, received=attachments), None, has_attached=True)
        self.assertEqual(bound, {"first": b"1", "second": [[1.5, 2.5]], "third": {"a": 1j}})

    def test_a_text_where_bytes_are_wanted_is_refused_and_bytes_where_a_text_is(self) -> None:
        self.assertIn("base64.b64decode", self.refusal(bytes, "AAAA"))
        self.assertIn(
            "'value' must be str, got bytes (b'\\x00\\xffabc'): annotate it as bytes", self.refusal(str, _BYTES)
        )
        self.assertIn("'value' must be str, got an array of float64 with shape (2,)", self.refusal(str, _FLOATS))
        self.assertIn("'value' must be dict[str, int], got bytes", self.refusal(dict[str, int], _BYTES))
        self.assertIn("got bytes (b'xxxxxxxxxxxxxxxxxxxx'...)", self.refusal(str, b"x" * 10_000))
        self.assertIn("got list ([b'1', <an array of float64 ", self.refusal(str, [b"1", _FLOATS]))
        self.assertIn("only bytes and arrays of uint8", self.refusal(bytes, _FLOATS))

    def test_decimals_are_kept_beside_attachments(self) -> None:
        @tool
        def takes(price: decimal.Decimal, raw: bytes, other: list[float], rest: Any) -> None:
            pass

        made = Tool(takes)
        json, attachments = sent(
            {"price": decimal.Decimal("1.50"), "raw": b"1", "other": [1.5, math.nan], "rest": [1.5, b""]}
        )
        bound = made.bind(codec.decode_object(json, made.keeps_decimals, attachments), None, has_attached=True)
        wanted = {"price": decimal.Decimal("1.50"), "raw": b"1", "other": [1.5, math.nan], "rest": [1.5, b""]}
        self.assertEqual(repr(bound), repr(wanted))

    def test_one_option_of_a_union_that_fails_leaves_the_value_to_the_others(self) -> None:
        class Never(Model):
            @classmethod
            def model_validate(cls, values: Any) -> Model:
                raise ValueError("never")

        value = [b"1", _GRID]
        self.assert_bound(Never | list[bytes | list[list[int]]] | None, value, [b"1", [[0, 1, 2], [3, 4, 5]]])
