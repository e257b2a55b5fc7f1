"""Tests that the showcase's tools of arrays make, describe and measure what they say."""

from __future__ import annotations

import math
import random
import statistics
import subprocess
import sys
import unittest
from typing import Any

from snakepit_worker.adapters.showcase.arrays import ArrayShowcase
from snakepit_worker.payloads.kinds import KINDS

from .attached_values import needs_numpy, np

_NAMES: Any = [kind.name for kind in KINDS if kind.family]


class WithoutNumpy(unittest.TestCase):
    def test_without_numpy_the_adapter_loads_and_only_its_tools_of_arrays_fail(self) -> None:
        code = """if True:
            import sys
            sys.modules["numpy"] = None
            from snakepit_worker.tools.loading import load_adapter, tools_of
            adapter = load_adapter("snakepit_worker.adapters.showcase.arrays")
            names = {tool.name for tool in tools_of(adapter)}
            assert {"create_tensor", "blur", "ping"} <= names, names
            assert adapter.add(1, 2) == 3
            assert len(adapter.create_embedding("a", 8)) == 8
            assert len(adapter.load_sample_data()["texts"]) == 232
            calls = {
                "create_tensor": [[1]], "echo_tensor": [[1]], "tensor_stats": [[1]], "encode_benchmark": [[1]],
                "blur": [[[1]]], "edges": [[[1]]], "stream_frames": [1], "preprocess": [], "train": [None],
                "cross_validate": [], "predict": ["a", None], "predict_batch_with_embeddings": [["a"], None],
                "get_model": [None], "serialization_demo": [],
            }
            for name, arguments in calls.items():
                try:
                    list(getattr(adapter, name)(*arguments))
                except ModuleNotFoundError as error:
                    assert "pip install numpy" in str(error) and error.name == "numpy", error
                else:
                    raise AssertionError(name)
        """
        subprocess.run([sys.executable, "-P", "-c", code], check=True, timeout=60)

    def test_the_showcase_without_arrays_does_not_import_numpy(self) -> None:
        code = "import sys, snakepit_worker.adapters.showcase; assert 'numpy' not in sys.modules"
        subprocess.run([sys.executable, "-P", "-c", code], check=True, timeout=60)


@needs_numpy
class MakingTensors(unittest.TestCase):
    def setUp(self) -> None:
        self.create = ArrayShowcase().create_tensor

    def assert_tensor(self, made: Any, dtype: str, values: Any) -> None:
        self.assertEqual((made.dtype.name, made.tolist()), (dtype, values))

    def test_a_tensor_of_any_type_is_filled(self) -> None:
        for name in _NAMES:
            self.assert_tensor(self.create([2, 1], name, 1), name, [[1], [1]])
            self.assert_tensor(self.create([2], name, "range"), name, [0, 1])
            self.assertEqual(self.create([2, 0, 3], name, "random").shape, (2, 0, 3))
        self.assert_tensor(self.create([2]), "float64", [0.0, 0.0])
        self.assert_tensor(self.create([1], "int64", 2**63 - 1), "int64", [2**63 - 1])
        self.assert_tensor(self.create([1], "uint8", 255.0), "uint8", [255])
        self.assert_tensor(self.create([1], "complex128", 1 - 2j), "complex128", [1 - 2j])
        self.assert_tensor(self.create([1], "float16", math.inf), "float16", [math.inf])
        self.assertTrue(math.isnan(self.create([1], "float32", math.nan)[0]))
        self.assert_tensor(self.create([2, 3], "int16", "range"), "int16", [[0, 1, 2], [3, 4, 5]])

    def test_random_numbers_depend_on_the_seed_and_lie_in_the_range_of_the_type(self) -> None:
        for name in _NAMES:
            one, same, other = (self.create([1000], name, "random", seed) for seed in (1, 1, 2))
            self.assertEqual((one.dtype.name, one.tolist()), (name, same.tolist()))
            self.assertNotEqual(one.tolist(), other.tolist())
            if name.startswith("float"):
                self.assertTrue(0 <= one.min() < 0.1 and 0.9 < one.max() <= 1)
        self.assertEqual(set(self.create([2000], "int8", "random").tolist()), set(range(-128, 128)))
        self.assertEqual(set(self.create([50], "bool", "random").tolist()), {False, True})

    def test_a_number_that_the_type_does_not_have_is_refused(self) -> None:
        misfits: Any = [
            ("uint8", 256, "256 is no uint8"),
            ("uint8", -1, "-1 is no uint8"),
            ("int8", 1.5, "1.5 is no int8"),
            ("int32", math.nan, "nan is no int32"),
            ("int64", math.inf, "inf is no int64"),
            ("bool", 2, "2 is no bool"),
            ("float64", 1j, "1j is no float64"),
            ("float16", 70_000, "too large for float16"),
            ("float32", -1e300, "too large for float32"),
            ("complex128", 10**400, "too large for complex128"),
        ]
        for name, fill, fault in misfits:
            with self.subTest(name, fill=fill), self.assertRaisesRegex(ValueError, fault):
                self.create([2], name, fill)

    def test_a_range_that_the_type_cannot_count_is_refused(self) -> None:
        self.assertEqual(self.create([256], "uint8", "range")[-1], 255)
        self.assertEqual(self.create([2049], "float16", "range")[-1], 2048)
        for name, count in (("uint8", 257), ("int8", 129), ("bool", 3), ("float16", 2050), ("float32", 2**24 + 2)):
            with (
                self.subTest(name),
                self.assertRaisesRegex(ValueError, f"a range of {name} has up to {count - 1:,} numbers"),
            ):
                self.create([count], name, "range")  # type: ignore[arg-type]

    def test_a_shape_that_cannot_be_is_refused(self) -> None:
        for shape, fault in (([], "not 0"), ([1] * 33, "not 33"), ([2, -1], "not -1"), ([2**40, 0], "larger than")):
            with self.subTest(shape), self.assertRaisesRegex(ValueError, fault):
                self.create(shape)
        with self.assertRaisesRegex(ValueError, "a seed is 0 or more"):
            self.create([1], fill="random", seed=-1)


@needs_numpy
class DescribingTensors(unittest.TestCase):
    def setUp(self) -> None:
        self.describe = ArrayShowcase().tensor_stats

    def assert_range(self, array: Any, low: Any, high: Any, mean: Any, std: Any) -> None:
        found = self.describe(array)
        self.assertEqual(str([found["min"], found["max"], found["mean"], found["std"]]), str([low, high, mean, std]))

    def test_numbers_of_every_type_are_described(self) -> None:
        for name in _NAMES:
            if name not in ("bool", "complex128"):
                found = self.describe(np.array([[1, 2], [3, 6]], name))
                expected = {"min": 1, "max": 6, "mean": 3.0, "std": math.sqrt(3.5)}
                self.assertEqual(found, {"shape": [2, 2], "dtype": name, "count": 4, "nans": 0, **expected})
        self.assert_range(np.array([True, False, True, True]), 0, 1, 0.75, math.sqrt(3) / 4)

    def test_large_numbers_lose_nothing(self) -> None:
        self.assert_range(np.array([2**62, 2**62 + 1]), 2**62, 2**62 + 1, 2.0**62, 0.5)
        self.assert_range(np.array([-(2**63), 2**63 - 1]), -(2**63), 2**63 - 1, 0.0, 2.0**63)
        self.assert_range(np.array([2**64 - 1], np.uint64), 2**64 - 1, 2**64 - 1, 2.0**64, 0.0)
        largest = sys.float_info.max
        self.assert_range(np.array([largest, largest]), largest, largest, largest, 0.0)
        self.assert_range(np.array([largest, -largest]), -largest, largest, 0.0, largest)
        self.assert_range(np.array([5e-324]), 5e-324, 5e-324, 5e-324, 0.0)
        self.assert_range(np.full(3, 60_000, np.float16), 60_000.0, 60_000.0, 60_000.0, 0.0)

    def test_nan_is_counted_and_left_out(self) -> None:
        found = self.describe(np.array([math.nan, 1, math.nan, 3], np.float32))
        self.assertEqual((found["count"], found["nans"], found["min"], found["max"], found["mean"]), (4, 2, 1, 3, 2))
        self.assert_range(np.array([math.nan]), None, None, None, None)

    def test_infinities_are_numbers(self) -> None:
        self.assert_range(np.array([1, math.inf]), 1.0, math.inf, math.inf, math.nan)
        self.assert_range(np.array([-math.inf, 1]), -math.inf, 1.0, -math.inf, math.nan)
        self.assert_range(np.array([-math.inf, math.inf]), -math.inf, math.inf, math.nan, math.nan)

    def test_an_empty_array_has_a_shape_and_no_numbers(self) -> None:
        nothing = {"min": None, "max": None, "mean": None, "std": None}
        for name in ("bool", "int8", "float32"):
            found = self.describe(np.zeros((2, 0, 3), name))
            self.assertEqual(found, {"shape": [2, 0, 3], "dtype": name, "count": 0, "nans": 0, **nothing})

    def test_random_numbers_have_the_mean_and_the_deviation_that_python_computes(self) -> None:
        source = random.Random(6)
        for _ in range(50):
            numbers = [source.gauss(source.uniform(-5, 5), 10) for _ in range(source.randint(1, 50))]
            found = self.describe(np.array(numbers))
            self.assertAlmostEqual(found["mean"] or 0, statistics.fmean(numbers))
            self.assertAlmostEqual(found["std"] or 0, statistics.pstdev(numbers))


@needs_numpy
class MeasuringEncodings(unittest.TestCase):
    def test_the_sizes_are_those_of_what_is_sent_and_the_times_are_times(self) -> None:
        empty, some, many = ArrayShowcase().encode_benchmark([0, 10, 20_000], repeats=3)
        self.assertEqual((empty["numbers"], empty["json"]["bytes"], empty["array"]["bytes"]), (0, 2, 0))
        self.assertEqual((some["numbers"], some["array"]["bytes"], many["array"]["bytes"]), (10, 80, 160_000))
        self.assertGreater(many["json"]["bytes"], 2 * many["array"]["bytes"])
        for cost in (empty["json"], some["array"], many["json"], many["array"]):
            self.assertGreater(cost["encode_ms"], 0)
            self.assertGreater(cost["decode_ms"], 0)

    def test_sizes_and_repeats_that_make_no_sense_are_refused(self) -> None:
        measure = ArrayShowcase().encode_benchmark
        for sizes, repeats in (([-1], 1), ([10_000_001], 1), ([1], 0), ([1], 1_001)):
            with self.subTest(sizes=sizes, repeats=repeats), self.assertRaisesRegex(ValueError, "not "):
                measure(sizes, repeats)
