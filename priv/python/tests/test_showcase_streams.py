"""Tests that the showcase's streams yield what they say."""

from __future__ import annotations

import statistics
import sys
import time
import unittest
from itertools import islice, pairwise
from typing import Any

from snakepit_worker.adapters.showcase import ShowcaseAdapter
from snakepit_worker.payloads import codec


class Streaming(unittest.TestCase):
    def setUp(self) -> None:
        self.tools = ShowcaseAdapter()

    def rows(self, **arguments: int) -> tuple[list[int], list[float], list[float]]:
        chunks: list[dict[str, Any]] = list(self.tools.generate_dataset(**arguments))
        columns = [[number for chunk in chunks for number in chunk[name]] for name in "xy"]
        return [len(chunk["x"]) for chunk in chunks], columns[0], columns[1]

    def test_items_are_made_one_after_the_other(self) -> None:
        begin = time.time()
        items = list(self.tools.stream_data(4, delay_ms=5))
        self.assertEqual([item["index"] for item in items], [0, 1, 2, 3])
        for before, after in pairwise([begin, *(item["time"] for item in items)]):
            self.assertGreaterEqual(after - before, 0.004)
        self.assertEqual(list(self.tools.stream_data(0)), [])

    def test_a_stream_without_end_goes_on_until_it_is_closed(self) -> None:
        stream: Any = self.tools.infinite_stream()
        self.assertEqual([item["index"] for item in islice(stream, 10_000)], list(range(10_000)))
        stream.close()
        self.assertEqual(list(stream), [])

    def test_fibonacci_numbers_are_exact(self) -> None:
        self.assertEqual(list(self.tools.stream_fibonacci(10)), [0, 1, 1, 2, 3, 5, 8, 13, 21, 34])
        *_, before, last = self.tools.stream_fibonacci(1_001)
        # Cassini's identity: F(n-1) F(n+1) - F(n)^2 = (-1)^n
        self.assertEqual(before * (before + last) - last * last, 1)
        self.assertEqual(str(last)[:10] + str(last)[-10:], "43466557686849228875")

    def test_the_largest_fibonacci_number_can_be_sent(self) -> None:
        *_, last = self.tools.stream_fibonacci(20_000)
        self.assertLess(len(str(last)), sys.get_int_max_str_digits())
        encoded: Any = codec.encode(last)
        self.assertEqual(int(encoded), last)
        with self.assertRaisesRegex(ValueError, "at most 20,000, not 20,001"):
            next(self.tools.stream_fibonacci(20_001))

    def test_a_data_set_does_not_depend_on_its_chunks(self) -> None:
        sizes, xs, ys = self.rows(rows=1_000, chunk=300, seed=7)
        self.assertEqual(sizes, [300, 300, 300, 100])
        self.assertEqual(self.rows(rows=1_000, chunk=1_000, seed=7), ([1_000], xs, ys))
        self.assertNotEqual(self.rows(rows=1_000, seed=8)[1], xs)
        self.assertEqual(self.rows(rows=0), ([], [], []))

    def test_the_rows_of_a_data_set_lie_around_its_line(self) -> None:
        _, xs, ys = self.rows(rows=5_000)
        slope, intercept = statistics.linear_regression(xs, ys)
        self.assertAlmostEqual(slope, 2, delta=0.03)
        self.assertAlmostEqual(intercept, 3, delta=0.15)
        errors = [y - 3 - 2 * x for x, y in zip(xs, ys, strict=True)]
        self.assertAlmostEqual(statistics.pstdev(errors), 1, delta=0.05)
        self.assertTrue(0 <= min(xs) < 0.1 and 9.9 < max(xs) <= 10)

    def test_what_cannot_be_streamed_is_refused(self) -> None:
        for stream in (self.tools.stream_data(-1), self.tools.stream_fibonacci(-1)):
            with self.assertRaisesRegex(ValueError, "a count is 0 or more, not -1"):
                next(stream)
        for rows, chunk in ((-1, 1), (1, 0)):
            with self.assertRaisesRegex(ValueError, f"not {rows} in chunks of {chunk}"):
                next(self.tools.generate_dataset(rows, chunk))
