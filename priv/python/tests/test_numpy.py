"""Tests that arrays and scalars of numpy are sent, and made for tools that want them."""

from __future__ import annotations

import itertools
import math
import random
import subprocess
import sys
import unittest
import warnings
from typing import TYPE_CHECKING, Any

from snakepit_worker.payloads import codec, exact_writer
from snakepit_worker.payloads.encoded import Encoded
from snakepit_worker.payloads.kinds import KINDS
from snakepit_worker.tools.annotations import describe

from .attached_values import needs_numpy, returned, sent, summary
from .test_attached_arguments import AttachedTestCase

if TYPE_CHECKING:
    np: Any = None
    NDArray: Any = None
else:
    try:
        import numpy as np
        from numpy.typing import NDArray
    except ImportError:
        np = NDArray = None

_NAMES = [kind.name for kind in KINDS if kind.family]
_SHAPES = [(1,), (0,), (5,), (2, 3), (0, 3), (2, 0, 3), (2, 1, 2, 3)]


def _random_array(source: random.Random, name: str, shape: tuple[int, ...]) -> Any:
    dtype = np.dtype(name)
    raw = np.frombuffer(source.randbytes(math.prod(shape) * dtype.itemsize), dtype="u1")
    if name == "bool":
        return (raw % 2).astype(bool).reshape(shape)
    made = raw.view(dtype).reshape(shape)
    return np.nan_to_num(made) if dtype.kind in "fc" else made


@needs_numpy
class SendingArrays(unittest.TestCase):
    def refusal(self, value: Any) -> str:
        with self.assertRaises(codec.NotEncodable) as caught:
            codec.encode(value)
        return str(caught.exception)

    def assert_returned(self, value: Any, kind: str = "") -> None:
        fast, exact = codec.encode({"a": [value]}), exact_writer.write({"a": [value]})
        assert isinstance(fast, Encoded) and isinstance(exact, Encoded)
        self.assertEqual(exact.json, fast.json)
        for found in (returned({"a": [value]})["a"][0], returned(value)):
            self.assertEqual((found.dtype.name, found.shape), (kind or value.dtype.name, value.shape))
            np.testing.assert_array_equal(found, value)
            self.assertFalse(found.flags.writeable)

    def test_an_array_of_any_kind_and_shape_arrives_as_it_was(self) -> None:
        source = random.Random(3)
        for name, shape in itertools.product(_NAMES, _SHAPES):
            with self.subTest(name, shape=shape):
                self.assert_returned(_random_array(source, name, shape))

    def test_an_array_alone_is_sent_without_any_json(self) -> None:
        json, attachments = sent(np.arange(3, dtype="i2"))
        self.assertEqual(json, b"0")
        self.assertEqual(summary(attachments), [(0, "INT16", [3], b"\0\0\1\0\2\0")])

    def test_a_native_array_is_not_copied_before_it_is_put_into_a_frame(self) -> None:
        value = np.arange(6.0).reshape(2, 3)
        encoded = codec.encode([value])
        assert isinstance(encoded, Encoded)
        self.assertTrue(np.shares_memory(np.asarray(encoded.attachments[0][1].content), value))

    def test_an_array_in_another_order_is_converted(self) -> None:
        source = random.Random(4)
        for name in _NAMES:
            made = _random_array(source, name, (4, 3, 5))
            for value in (
                made.T,
                made[::2],
                made[::-1, 1:, ::2],
                np.asfortranarray(made),
                made.astype(made.dtype.newbyteorder(">")),
            ):
                with self.subTest(name, strides=value.strides):
                    self.assert_returned(value)

    def test_memoryviews_of_arrays_are_arrays_too(self) -> None:
        source = random.Random(6)
        for name in _NAMES:
            made = _random_array(source, name, (4, 3))
            for value in (made, made.T, made[::2], made.astype(made.dtype.newbyteorder(">"))):
                with self.subTest(name, strides=value.strides):
                    found = returned([memoryview(value)])[0]
                    self.assertEqual(found.dtype, made.dtype)
                    np.testing.assert_array_equal(found, value)
        np.testing.assert_array_equal(returned(memoryview(np.array([1 + 2j], "c8"))), [1 + 2j])
        np.testing.assert_array_equal(returned(memoryview(np.array([1 + 2j], ">c8"))), [1 + 2j])
        self.assertIn("its format is 'g'", self.refusal([memoryview(np.zeros(3, np.longdouble))]))

    def test_arrays_of_complex64_are_returned_as_complex128(self) -> None:
        self.assert_returned(np.array([1 + 2j, -1j], "c8"), "complex128")
        self.assert_returned(np.array([1 + 2j, -1j], ">c8"), "complex128")

    def test_subclasses_are_sent_as_arrays(self) -> None:
        class Own(np.ndarray):
            pass

        self.assert_returned(np.arange(3).view(Own))
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            self.assert_returned(np.matrix([[1, 2]]))

    def test_scalars_and_arrays_without_dimensions_are_python_numbers(self) -> None:
        for name in _NAMES[:-1]:
            for value in (np.dtype(name).type(1), np.array(1, name), np.array(1, np.dtype(name).newbyteorder(">"))):
                with self.subTest(name, type=type(value)):
                    self.assertEqual(sent([value]), (f"[{np.dtype(name).type(1).item()!r}]".lower().encode(), []))
        for value in (np.float32("nan"), np.float64("inf"), np.float16("-inf"), np.complex64(1j), np.array(math.nan)):
            with self.subTest(type(value)):
                self.assertEqual(repr(returned([value])), repr([value.item()]))
        self.assertEqual(returned([np.str_("a"), np.bytes_(b"b"), np.float32(0.1)]), ["a", b"b", 0.10000000149011612])

    def test_other_arrays_are_refused_with_the_reason_and_an_advice(self) -> None:
        for value, parts in [
            (np.array([object()]), ["ndarray at a", "its dtype is object", "tolist()"]),
            (np.array(["a"]), ["its dtype is <U1", "tolist()"]),
            (np.array([b"a"]), ["its dtype is |S1", "tolist()"]),
            (np.array(["2024-02-29"], "M8[D]"), ["datetime64[D]", "astype(str)"]),
            (np.array([1], "m8[s]"), ["timedelta64[s]", "astype(int)"]),
            (np.array([(1, 2)], "i4,i4"), ["ndarray at a", "tolist()"]),
            (np.zeros(3, np.longdouble), ["astype(float)"]),
            (np.zeros(3, np.clongdouble), ["astype(complex)"]),
            (np.longdouble(1), ["its dtype is float128"]),
            (np.datetime64("2024-02-29"), ["datetime64 at a"]),
            (np.ma.masked_array([1, 2], [True, False]), ["MaskedArray at a", "filled(value)"]),
            (np.ma.masked, ["filled(value)"]),
            (np.array(object()), ["its dtype is object"]),
        ]:
            with self.subTest(parts):
                for part in parts:
                    self.assertIn(part, self.refusal({"a": value}))
                    self.assertIn(part.replace(" at a", ""), self.refusal(value))

    def test_numpy_is_not_imported_for_bytes_and_arrays(self) -> None:
        program = (
            "import sys, array\n"
            "from snakepit_worker.payloads import codec\n"
            "from snakepit_worker.tools import annotations, tool\n"
            "assert not {'numpy', 'decimal', 'uuid'} & set(sys.modules), 'at the start'\n"
            "codec.encode([b'1', array.array('d', [1.0]), float('nan'), {1}])\n"
            "sys.exit(bool({'numpy', 'decimal', 'uuid'} & set(sys.modules)))\n"
        )
        subprocess.run([sys.executable, "-c", program], check=True, timeout=60, env={"PYTHONPATH": ":".join(sys.path)})


@needs_numpy
class ArrayArguments(AttachedTestCase):
    def assert_array(self, annotation: Any, value: Any, dtype: str, shape: tuple[int, ...]) -> Any:
        found = self.bound(annotation, value)
        self.assertIs(type(found), np.ndarray)
        self.assertEqual((found.dtype.name, found.shape, found.flags.writeable), (dtype, shape, False))
        np.testing.assert_array_equal(found, np.array(value) if not isinstance(value, bytes) else list(value))
        return found

    def test_an_array_is_a_view_of_what_has_arrived(self) -> None:
        source = random.Random(8)
        for name, shape in itertools.product(_NAMES, _SHAPES):
            value = _random_array(source, name, shape)
            exact = NDArray[np.dtype(name).type]
            for annotation in (np.ndarray, NDArray, NDArray[Any], exact, np.ndarray[Any, np.dtype[Any]], exact | None):
                with self.subTest(annotation, shape=shape):
                    found = self.assert_array(annotation, value, name, shape)
                    if value.size:
                        self.assertFalse(found.flags.owndata)

    def test_the_annotation_of_an_array_is_described_as_it_is_written(self) -> None:
        self.assertEqual(describe(NDArray[np.float32]), "NDArray[float32]")
        self.assertEqual(describe(list[NDArray[Any]] | None), "list[NDArray[Any]] | None")
        self.assertEqual(describe(np.ndarray), "ndarray")

    def test_bytes_are_an_array_of_uint8(self) -> None:
        self.assert_array(np.ndarray, b"abc", "uint8", (3,))
        self.assert_array(NDArray[np.uint8], b"", "uint8", (0,))
        self.assert_array(NDArray[np.int32], b"abc", "int32", (3,))

    def test_numbers_are_made_wider_where_nothing_is_lost(self) -> None:
        self.assert_array(NDArray[np.float64], np.ones(3, "f4"), "float64", (3,))
        self.assert_array(NDArray[np.int64], np.ones((2, 2), "u4"), "int64", (2, 2))
        self.assert_array(NDArray[np.complex128], np.ones(3, "f4"), "complex128", (3,))
        self.assert_array(NDArray[np.longlong], np.ones(3, "i8"), "int64", (3,))
        self.assert_array(NDArray[np.floating], np.ones(3, "f4"), "float32", (3,))
        self.assert_array(NDArray[np.float32 | np.float64], np.ones(3, "f8"), "float64", (3,))
        self.assertIn(
            "'value' must be NDArray[float32], got an array of float64 with shape (3,): not every float64 can be one",
            self.refusal(NDArray[np.float32], np.ones(3)),
        )
        self.assertIn("must be NDArray[integer]", self.refusal(NDArray[np.integer], np.ones(3)))
        self.assertIn("must be NDArray[bool]", self.refusal(NDArray[np.bool_], np.ones(3)))

    def test_lists_of_numbers_are_accepted(self) -> None:
        for annotation, value, dtype, shape in [
            (np.ndarray, [1, 2], "int64", (2,)),
            (np.ndarray, [1, 2.5], "float64", (2,)),
            (np.ndarray, [True, False], "bool", (2,)),
            (np.ndarray, [], "float64", (0,)),
            (np.ndarray, [[], []], "float64", (2, 0)),
            (np.ndarray, [[1.5, math.nan], [math.inf, 2]], "float64", (2, 2)),
            (np.ndarray, [1j, 2], "complex128", (2,)),
            (NDArray[np.float32], [[1, 0.5], [2, 3]], "float32", (2, 2)),
            (NDArray[np.float32], [math.inf], "float32", (1,)),
            (NDArray[np.uint8], [0, 255], "uint8", (2,)),
            (NDArray[np.uint64], [2**64 - 1], "uint64", (1,)),
            (NDArray[np.int16], [], "int16", (0,)),
            (NDArray[np.floating], [1, 2], "float64", (2,)),
            (NDArray[np.integer], [1, 2], "int64", (2,)),
            (NDArray[np.longlong], [1, 2], "int64", (2,)),
            (NDArray[np.inexact], [1j, 2], "complex128", (2,)),
            (NDArray[np.int8 | np.float64], [1, 300], "float64", (2,)),
            (NDArray[np.float64], [np.arange(3.0), np.ones(3)], "float64", (2, 3)),
        ]:
            with self.subTest(annotation, value=value):
                self.assert_array(annotation, value, dtype, shape)
        np.testing.assert_array_equal(self.bound(NDArray[np.float32], [0.1]), np.array([0.1], "f4"))

    def test_lists_that_are_no_arrays_are_refused_with_the_reason(self) -> None:
        for annotation, value, reason in [
            (np.ndarray, [[1, 2], [3]], "it has rows of 1 and 2 items"),
            (np.ndarray, [[1], 2], "a number is beside a list"),
            (np.ndarray, [1, [2]], "a number is beside a list"),
            (np.ndarray, ["a"], "its item 'a' is no number"),
            (np.ndarray, [1, None], "its item None is no number"),
            (np.ndarray, [b"a"], "its item b'a' is no number"),
            (np.ndarray, [2**64], "out of the range of int64"),
            (np.ndarray, [0.5, 2**60 + 1], "a float cannot hold all its digits"),
            (np.ndarray, [True, 1.5], "its item True is no int or float"),
            (NDArray[np.int8], [1, 128], "its item 128 is out of the range of int8"),
            (NDArray[np.uint8], [-1], "its item -1 is out of the range of uint8"),
            (NDArray[np.int64], [1.0], "its item 1.0 is no int"),
            (NDArray[np.bool_], [1], "its item 1 is no bool"),
            (NDArray[np.float64], [1j], "its item 1j is no int or float"),
            (NDArray[np.float32], [1, 1e300], "its item 1e+300 is too large for float32"),
            (NDArray[np.integer], [1.5], "its numbers are float64"),
            (np.ndarray, 5, "must be ndarray, got int (5)"),
            (np.ndarray, math.nan, "must be ndarray, got float (nan)"),
            (NDArray[np.float64], "a", "must be NDArray[float64], got str ('a')"),
        ]:
            with self.subTest(annotation, value=value):
                self.assertIn(reason, self.refusal(annotation, value))

    def test_scalars_are_made_of_numbers(self) -> None:
        for kind, value in [
            *((np.float32, 0.1), (np.float64, 5), (np.float32, math.nan), (np.int8, -128), (np.uint64, 2**64 - 1)),
            *((np.bool_, True), (np.complex128, 1j), (np.complex64, 1), (np.float64, math.inf)),
        ]:
            with self.subTest(kind, value=value):
                self.assert_bound(kind, value, kind(value))
        for kind, value, reason in [
            (np.int8, 128, "out of the range of int8"),
            (np.int64, 1.0, "its item 1.0 is no int"),
            (np.float32, 1e300, "too large for float32"),
            (np.float64, "1", "must be float64, got str ('1')"),
            (np.int32, True, "is no int"),
        ]:
            with self.subTest(kind, value=value):
                self.assertIn(reason, self.refusal(kind, value))
        self.assert_bound(list[np.int16], [1, 2], [np.int16(1), np.int16(2)])

    def test_arrays_of_what_is_no_number_are_not_made(self) -> None:
        for annotation in (NDArray[np.str_], NDArray[np.object_], np.datetime64, np.floating, np.generic):
            with self.subTest(annotation):
                self.assert_bound(annotation, ["a", np.arange(2)], ["a", [0, 1]])

    def test_arrays_become_lists_and_memoryviews(self) -> None:
        value = np.arange(6, dtype="f4").reshape(2, 3)
        self.assert_bound(list[list[float]], value, value.tolist())
        self.assert_bound(Any, value, value.tolist())
        self.assert_bound(Any, np.zeros((2, 0, 3)), [[], []])
        self.assert_bound(list, np.zeros((2, 0)), [[], []])
        self.assert_bound(list[list[float]], np.zeros((2, 0)), [[], []])
        self.assert_bound(list[float], np.array([1.5, math.nan], "f2"), [1.5, math.nan])
        self.assert_bound(list[complex], np.array([1j]), [1j])
        self.assert_bound(list[bool], np.array([True, False]), [True, False])
        self.assert_bound(list[NDArray[np.float32]], value, [value[0], value[1]])
        self.assertEqual(self.bound(memoryview, value).tolist(), value.tolist())
        self.assertIn("no complex numbers", self.refusal(memoryview, np.array([1j])))
        self.assertIn("annotate it as numpy.ndarray", self.refusal(memoryview, np.zeros((2, 0))))
        self.assertIn(
            "annotate it as list, memoryview or numpy.ndarray", self.refusal(list[int], np.zeros((2, 2), int))
        )
