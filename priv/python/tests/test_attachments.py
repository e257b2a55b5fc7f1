"""Tests that values with more than JSON can carry are sent with attachments, and as text where a text is usual."""

from __future__ import annotations

import array
import collections
import dataclasses
import datetime
import decimal
import enum
import json
import math
import random
import struct
import unittest
import uuid
from typing import Any, NamedTuple

from snakepit_worker.payloads import codec, exact_writer, marked_json
from snakepit_worker.payloads.errors import attributes_of
from snakepit_worker.tools.annotations import conversion_of

from .attached_values import comparable, returned, sent, summary

_EIGHT = struct.Struct("<d").pack


class Color(enum.Enum):
    RED = "red"
    RAW = b"raw"


class Point(NamedTuple):
    x: float
    y: float


@dataclasses.dataclass
class Picture:
    name: str
    pixels: Any
    below: list[Picture] = dataclasses.field(default_factory=list)


class Model:
    """What a model of pydantic looks like."""

    model_fields: dict[str, Any] = {}  # noqa: RUF012

    def model_dump(self) -> dict[str, Any]:
        return {"when": datetime.date(2024, 2, 29), "raw": b"1"}


class OldModel:
    """What a model of pydantic before version 2 looks like."""

    __fields__: dict[str, Any] = {}  # noqa: RUF012

    @classmethod
    def parse_obj(cls, values: Any) -> OldModel:
        return cls()

    def dict(self) -> Any:
        return {"raw": b"1"}


class Sending(unittest.TestCase):
    def assert_sent(self, value: Any, encoded: bytes, *attachments: tuple[int, str, list[int], bytes]) -> None:
        """Check what is sent, and that the exact writer sends the same."""
        json, found = sent(value)
        self.assertEqual((json, summary(found)), (encoded, list(attachments)))
        self.assertEqual(comparable(exact_writer.write(value)), comparable(codec.encode(value)))

    def refusal(self, value: Any) -> str:
        with self.assertRaises(codec.NotEncodable) as caught:
            codec.encode(value)
        return str(caught.exception)

    def test_bytes_are_attached_and_a_0_stands_in_their_place(self) -> None:
        for value in (b"abc", bytearray(b"abc"), memoryview(b"abc"), memoryview(b"cba")[::-1]):
            with self.subTest(type(value)):
                self.assert_sent(value, b"0", (0, "BYTES", [], b"abc"))
        self.assert_sent({"é": [1, b"", 0]}, '{"é":[1,0,0]}'.encode(), (9, "BYTES", [], b""))

    def test_memoryviews_of_bytes_may_have_gaps_and_signs(self) -> None:
        for value in (memoryview(b"axbxc")[::2], memoryview(b"abc").cast("c")):
            with self.subTest(value.format):
                self.assert_sent([value], b"[0]", (1, "BYTES", [], b"abc"))

    def test_other_memoryviews_are_arrays(self) -> None:
        numbers = struct.pack("<4h", 1, -2, 3, -4)
        self.assert_sent(memoryview(numbers).cast("h"), b"0", (0, "INT16", [4], numbers))
        self.assert_sent(memoryview(numbers).cast("h", [2, 2]), b"0", (0, "INT16", [2, 2], numbers))
        self.assert_sent(memoryview(b"abcd").cast("B", [2, 2]), b"0", (0, "UINT8", [2, 2], b"abcd"))
        self.assert_sent(memoryview(numbers).cast("h")[::2], b"0", (0, "INT16", [2], struct.pack("<2h", 1, 3)))
        self.assert_sent(memoryview(_EIGHT(1.5)).cast("d", []), b"1.5")

    def test_arrays_of_the_standard_library_are_arrays(self) -> None:
        kinds = ["INT8", "UINT8", "INT16", "UINT16", "INT32", "UINT32", "INT64", "UINT64", "FLOAT32", "FLOAT64"]
        for code, name in zip("bBhHiIqQfd", kinds, strict=True):
            with self.subTest(code):
                made = array.array(code, [1, 2, 3])
                self.assert_sent({"a": made}, b'{"a":0}', (5, name, [3], made.tobytes()))
        self.assert_sent(array.array("l", []), b"0", (0, "INT64", [0], b""))
        self.assertIn("tounicode", self.refusal([array.array("u", "ab")]))

    def test_numbers_that_json_does_not_have_are_attached(self) -> None:
        self.assert_sent(math.inf, b"0", (0, "FLOAT64", [], _EIGHT(math.inf)))
        self.assert_sent(
            [1.5, -math.inf, "NaN", {"Infinity": math.nan}],
            b'[1.5,0,"NaN",{"Infinity":0}]',
            (5, "FLOAT64", [], _EIGHT(-math.inf)),
            (25, "FLOAT64", [], _EIGHT(math.nan)),
        )
        self.assert_sent([1 - 2j], b"[0]", (1, "COMPLEX128", [], struct.pack("<2d", 1, -2)))

    def test_attachments_of_several_kinds_are_in_the_order_of_their_places(self) -> None:
        value = {"a": b"1", "b": [math.nan, {"c": array.array("b", [5])}, decimal.Decimal("1.50")], "d": 1j, "e": b"2"}
        json, attachments = sent(value)
        self.assertEqual(json, b'{"a":0,"b":[0,{"c":0},1.50],"d":0,"e":0}')
        self.assertEqual([one.at for one in attachments], [5, 12, 19, 32, 38])
        self.assertEqual([json[one.at : one.at + 1] for one in attachments], [b"0"] * 5)

    def test_a_text_that_is_equal_to_the_mark_stays_a_text(self) -> None:
        mark = marked_json._MARK
        for value in (
            [mark, b"1"],
            [b"1", {mark: mark}],
            [f'"{mark}"', b"1"],
            [mark, math.nan, "NaN"],
            [mark, b"", 1j],
        ):
            with self.subTest(value):
                self.assertEqual(repr(returned(value)), repr(value))
        self.assertEqual(codec.encode([mark]), f'["{mark}"]'.encode())

    def test_dates_times_and_identifiers_are_texts(self) -> None:
        zone = datetime.timezone(datetime.timedelta(hours=2))
        for value, text in [
            (datetime.datetime(2024, 2, 29, 12, 30, 1, 5, zone), "2024-02-29T12:30:01.000005+02:00"),
            (datetime.date(2024, 2, 29), "2024-02-29"),
            (datetime.time(1, 2, 3), "01:02:03"),
            (datetime.timedelta(days=1, hours=2, microseconds=5), "1.02:00:00.000005"),
            (-datetime.timedelta(hours=1), "-01:00:00"),
            (datetime.timedelta(), "00:00:00"),
            (uuid.UUID(int=5), "00000000-0000-0000-0000-000000000005"),
        ]:
            with self.subTest(text):
                self.assert_sent({"a": value}, json.dumps({"a": text}, separators=(",", ":")).encode())
                self.assertEqual(conversion_of(type(value))(text), value)
        self.assertIn("total_seconds", self.refusal([datetime.timedelta.max]))

    def test_any_duration_that_dotnet_can_hold_is_read_again(self) -> None:
        source = random.Random(7)
        for _ in range(500):
            span = datetime.timedelta(
                microseconds=source.randrange(-(2**63) // 10, 2**63 // 10) >> source.randrange(60)
            )
            self.assertEqual(conversion_of(datetime.timedelta)(returned(span)), span)

    def test_a_decimal_is_a_number_with_all_its_digits(self) -> None:
        digits = ["1.50", "-0", "0E-10", "1E+400", "123456789012345678901234567890.1234567890", "5"]
        self.assert_sent(list(map(decimal.Decimal, digits)), f"[{','.join(digits)}]".encode())
        self.assert_sent(decimal.Decimal("1.50"), b"1.50")
        for text in ("NaN", "-Infinity", "sNaN"):
            self.assertIn("Decimal at [0] cannot be sent (it is not a finite", self.refusal([decimal.Decimal(text)]))

    def test_members_of_an_enum_are_their_values(self) -> None:
        self.assert_sent([Color.RED, Color.RAW], b'["red",0]', (7, "BYTES", [], b"raw"))

    def test_containers_that_json_does_not_have_are_lists(self) -> None:
        for value in ({1}, frozenset({1}), collections.deque([1]), range(1, 2), {1: 2}.keys(), {2: 1}.values()):
            with self.subTest(type(value)):
                self.assert_sent([value], b"[[1]]")
        self.assert_sent(
            {"a": {}.items(), "b": {"c": b"1"}.items()}, b'{"a":[],"b":[["c",0]]}', (18, "BYTES", [], b"1")
        )

    def test_classes_with_fields_are_objects_and_a_named_tuple_is_a_list(self) -> None:
        picture = Picture("a", b"12", [Picture("b", Point(1, 2.5))])
        self.assert_sent(
            picture,
            b'{"name":"a","pixels":0,"below":[{"name":"b","pixels":[1,2.5],"below":[]}]}',
            (21, "BYTES", [], b"12"),
        )
        self.assert_sent([Model()], b'[{"when":"2024-02-29","raw":0}]', (28, "BYTES", [], b"1"))
        self.assert_sent([OldModel()], b'[{"raw":0}]', (8, "BYTES", [], b"1"))

    def test_a_value_that_contains_itself_is_refused(self) -> None:
        picture = Picture("a", None)
        picture.below.append(picture)
        self.assertRegex(self.refusal([picture]), r"Picture at \[0\].below\[0\].* contains itself")

    def test_what_cannot_be_sent_is_refused_with_its_path_and_an_advice(self) -> None:
        for value, part in [
            (
                {"a": [b"1", {"b": (one for one in ())}]},
                "generator at a[1].b cannot be sent (JSON has no such type; list(",
            ),
            ([b"1", {Picture("a", 1).name: object()}], "object at [1].a "),
            ([math.nan, "half \ud83d"], "str at [1] "),
            ([{math.nan: 1}], "dict at [0] cannot be sent (a key of it cannot be text: nan is not a finite float)"),
            ([b"1", {1: 2, "1": 3}], "dict at [1] cannot be sent (it has the key '1' twice"),
            ([{b"1": 1}], "a key of it is a bytes"),
            (Picture("a", {1: 2, "1": 3}), "dict at pixels cannot be sent (it has the key '1' twice"),
            (_without_fields(Picture), "Picture cannot be sent (AttributeError"),
        ]:
            with self.subTest(part):
                self.assertIn(part, self.refusal(value))

    def test_an_object_that_raises_when_it_is_read_is_refused_with_what_it_raises(self) -> None:
        class Broken(Model):
            def model_dump(self) -> dict[str, Any]:
                raise LookupError("not today")

        self.assertIn("Broken at a cannot be sent (LookupError: not today)", self.refusal({"a": Broken()}))

    def test_values_with_attachments_may_be_nested_up_to_the_limit(self) -> None:
        value: Any = b"abc"
        for _ in range(1024):
            value = [value]
        inner: Any = returned(value)
        for _ in range(1024):
            (inner,) = inner
        self.assertEqual(inner, b"abc")
        self.assertIn("deeper than 1,024 levels", self.refusal([value]))

    def test_what_needs_an_attachment_is_left_out_of_an_exceptions_attributes(self) -> None:
        error = ValueError()
        vars(error).update(raw=b"1", number=math.nan, when=datetime.date(2024, 2, 29), tags={1}, point=Point(1, 2))
        self.assertEqual(attributes_of(error, 1000), b'{"when":"2024-02-29","tags":[1],"point":[1,2]}')


def _without_fields(kind: Any) -> Any:
    return kind.__new__(kind)
