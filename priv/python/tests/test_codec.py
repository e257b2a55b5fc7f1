"""Tests that a value is encoded exactly as JSON, or rejected with a reason."""

from __future__ import annotations

import collections
import enum
import json
import math
import unittest
from typing import Any

from snakepit_worker.payloads import codec, exact_reader
from snakepit_worker.payloads.limits import MAX_DEPTH


def pure(value: Any) -> bytes:
    """Return a value as JSON that needs nothing beside it."""
    encoded = codec.encode(value)
    assert isinstance(encoded, bytes)
    return encoded


class Payloads(unittest.TestCase):
    def refusal(self, value: Any) -> str:
        with self.assertRaises(codec.NotEncodable) as caught:
            codec.encode(value)
        message = str(caught.exception)
        message.encode()  # raises if the message cannot be encoded as UTF-8
        return message

    def test_a_value_that_is_encoded_and_decoded_is_unchanged(self) -> None:
        for value in [
            *(None, True, False, 0, 5, -5, 2**60 + 1, -(2**200), 0.1, -0.0, 1e308, 5e-324),
            *("", "text", "naïve 漢字 🐍 \x00 \u2028", [], [1, [2, [None]]], {}, {"a": {"b": [1.5, "c"]}}),
        ]:
            with self.subTest(value=value):
                returned = codec.decode_object(pure({"value": value}))["value"]
                self.assertEqual(returned, value)
                self.assertIs(type(returned), type(value))

    def test_none_is_null_and_integers_keep_all_their_digits(self) -> None:
        self.assertEqual(codec.encode([None, 5, 2**60 + 1]), b"[null,5,1152921504606846977]")

    def test_text_travels_as_utf_8_and_not_as_escapes(self) -> None:
        self.assertEqual(codec.encode("漢"), '"漢"'.encode())

    def test_a_tuple_is_encoded_as_a_list(self) -> None:
        self.assertEqual(codec.encode((1, (2, 3))), b"[1,[2,3]]")

    def test_an_enum_of_numbers_or_texts_is_encoded_as_its_value(self) -> None:
        self.assertEqual(codec.encode([enum.IntEnum("Level", "LOW HIGH").HIGH]), b"[2]")

    def test_a_value_that_json_cannot_carry_is_refused_with_its_type_and_what_json_can_carry(self) -> None:
        for value in (object(), object, iter([1]), len):
            with self.subTest(value=value):
                kind = type(value).__name__
                self.assertRegex(self.refusal(value), f"of type {kind} cannot be sent .*lists, tuples and dict")

    def test_a_key_that_is_neither_text_nor_number_is_refused(self) -> None:
        self.assertIn("keys must be", self.refusal({(1, 2): 3}))

    def test_a_value_that_contains_itself_is_refused(self) -> None:
        circular: list[Any] = []
        circular.append(circular)
        self.assertIn("Circular reference", self.refusal(circular))

    def test_a_lone_surrogate_is_refused(self) -> None:
        self.assertIn("surrogates not allowed", self.refusal("half \ud83d"))
        self.assertIn("surrogates not allowed", self.refusal({"half \ud83d": 1}))

    def nested(self, levels: int) -> list[Any]:
        deep: list[Any] = []
        for _ in range(levels - 1):
            deep = [deep]
        return deep

    def test_values_may_be_nested_up_to_the_limit_which_is_named_beyond_it(self) -> None:
        encoded = pure(self.nested(MAX_DEPTH))
        self.assertEqual(encoded, b"[" * MAX_DEPTH + b"]" * MAX_DEPTH)
        self.assertEqual(codec.encode(codec.decode(encoded)), encoded)
        for levels in (MAX_DEPTH + 1, 200_000):
            with self.subTest(levels):
                self.assertRegex(self.refusal(self.nested(levels)), r"at \[0\]\[0\].* deeper than 1,024 levels")

    def test_keys_that_become_equal_as_text_are_refused_with_their_path(self) -> None:
        for value in ({1: "a", "1": "b"}, {None: 1, "null": 2}, {True: 1, "true": 2}, {1.0: 1, "1.0": 2}):
            with self.subTest(value):
                self.assertIn("dict at rows[0]", self.refusal({"rows": [value]}))
                self.assertIn("OrderedDict at [0]", self.refusal([collections.OrderedDict(value)]))
        self.assertEqual(codec.encode({1: "a", "2": [{None: 1}]}), b'{"1":"a","2":[{"null":1}]}')

    def test_the_path_of_what_is_refused_is_told(self) -> None:
        for value, path in [
            ({"orders": [{}, {"price": object()}]}, "object at orders[1].price"),
            ({"a b": [len]}, 'builtin_function_or_method at ["a b"][0]'),
            ([["half \ud83d"]], "str at [0][0]"),
            ([{"half \ud83d": 1}], "dict at [0]"),
            ({"rows": [{math.nan: 1}]}, "dict at rows[0] "),
            ({"rows": [{"a": 1, math.inf: 2}]}, "dict at rows[0] "),
            ({"rows": [{10**5_000: 2}]}, "dict at rows[0] "),
            ({math.nan: 1}, "dict cannot be sent (a key of it cannot be text: nan is not a finite float)"),
        ]:
            with self.subTest(path):
                self.assertIn(path, self.refusal(value))

    def test_a_value_that_raises_while_it_is_read_is_refused(self) -> None:
        class Hostile(dict):  # type: ignore[type-arg]
            def items(self) -> Any:
                raise LookupError("not today \ud83d")

        self.assertIn("LookupError: not today", self.refusal(Hostile(a=1)))

    def test_no_bytes_decode_to_no_arguments(self) -> None:
        self.assertEqual(codec.decode_object(b""), {})

    def test_arguments_that_are_not_a_json_object_are_refused(self) -> None:
        for encoded, kind in [(b"[1]", "list"), (b"null", "NoneType"), (b"5", "int"), (b'"a"', "str")]:
            with self.subTest(kind), self.assertRaisesRegex(ValueError, f"must be one JSON object, got {kind}"):
                codec.decode_object(encoded)

    def test_bytes_that_are_not_json_are_refused(self) -> None:
        for encoded in (b"{", b'{"a":1}x', b'{"a":\xff}', b"\xed\xa0\xbd", b'{"a":' + b"9" * 5000 + b"}"):
            with self.subTest(encoded[:20]), self.assertRaises(ValueError):
                codec.decode_object(encoded)

    def test_nan_and_infinity_are_refused_when_they_are_decoded(self) -> None:
        for name in ("NaN", "Infinity", "-Infinity"):
            with self.subTest(name), self.assertRaisesRegex(ValueError, name):
                codec.decode_object(b'{"a":[' + name.encode() + b"]}")

    def test_arguments_nested_beyond_the_limit_are_refused(self) -> None:
        with self.assertRaisesRegex(ValueError, "deeper than 1,024 levels"):
            codec.decode_object(b'{"a":' + b"[" * 200_000 + b"]" * 200_000 + b"}")

    def test_minus_zero_stays_minus_zero(self) -> None:
        self.assertEqual(repr(codec.decode(b'[-0,-0.0,0,"x -0 y",-5]')), "[-0.0, -0.0, 0, 'x -0 y', -5]")

    def test_an_escaped_lone_surrogate_is_refused_with_its_path_and_a_pair_is_not(self) -> None:
        for encoded, path in [
            (rb'{"a":["x","\ud83d"]}', r"at a\[1\]: .*position 0"),
            (rb'{"a":{"\udc00":1}}', r"at a: .*position 0"),
            (rb'{"a":"\ud83d\ud83d\ude00"}', "at a: .*position 0"),
        ]:
            with self.subTest(encoded), self.assertRaisesRegex(ValueError, path):
                codec.decode(encoded)
        self.assertEqual(codec.decode(rb'["\ud83d\ude00","\\ud83d","\ud7ff"]'), ["😀", r"\ud83d", "\ud7ff"])

    def test_if_an_object_repeats_a_name_its_last_value_is_used(self) -> None:
        # The host refuses such JSON, because to notice it here would make every call slower.
        self.assertEqual(codec.decode_object(b'{"a":1,"a":2}'), json.loads('{"a":2}'))

    def test_decimals_are_kept_when_they_are_asked_for(self) -> None:
        read = codec.decode_object(b'{"a":[1.50,1,1e400]}', keep_decimals=True)
        self.assertEqual(repr(read), "{'a': [Decimal('1.50'), 1, Decimal('1E+400')]}")


class ExactReader(unittest.TestCase):
    def test_it_reads_what_the_decoder_in_c_reads(self) -> None:
        for text in [
            "[]",
            " { } ",
            '[1, -5, 1.5, 1e3, true, false, null, "a\\n\\u00e9"]',
            '{"a": {"b": [[], {}]}, "c": ""}',
            "5",
        ]:
            with self.subTest(text):
                self.assertEqual(repr(exact_reader.read(text)), repr(json.loads(text)))

    def test_it_refuses_what_is_not_json(self) -> None:
        for text in [
            *("", "[", "[1", "[1,]", "[1 2]", "{1:2}", '{"a"}', '{"a":1,}'),
            *("tru", "[1]x", '"a', "NaN", "01", "+1", "{,}"),
        ]:
            with self.subTest(text), self.assertRaises(ValueError):
                exact_reader.read(text)

    def test_it_refuses_what_would_change_with_the_path(self) -> None:
        for text, fault in [
            ('{"a":[1e400]}', "at a[0]: 1e400 is too large"),
            ('{"a":[1e-400]}', "at a[0]: 1e-400 is too small"),
            ("[0.0, -0.0e5, 0E-400, -0.01e-999]", "at [3]: -0.01e-999 is too small"),
            ('[{"a":1,"a":2}]', "at [0]: the name 'a' is there twice"),
        ]:
            with self.subTest(text), self.assertRaises(ValueError) as caught:
                exact_reader.read(text)
            self.assertIn(fault, str(caught.exception))
