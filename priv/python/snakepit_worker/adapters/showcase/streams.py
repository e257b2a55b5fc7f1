"""Tools of the showcase that yield their result in chunks, as a stream."""

import time
from collections.abc import Iterator
from typing import Any

from snakepit_worker import tool

from .counting import CountingAdapter

_MOST_FIBONACCI = 20_000  # the largest has 4,180 digits, and Python writes integers of up to 4,300


class StreamTools(CountingAdapter):
    """Tools that are generators, so that a caller reads their results as a stream."""

    @tool
    def stream_progress(self, steps: int, delay_ms: float = 0) -> Iterator[dict[str, Any]]:
        """Yield ``steps`` progress reports, with a pause of ``delay_ms`` milliseconds between them."""
        self._calls += 1
        for step in range(1, steps + 1):
            if delay_ms > 0:
                time.sleep(delay_ms / 1000)
            yield {"step": step, "steps": steps, "percent": 100 * step / steps}

    @tool
    def stream_data(self, count: int, delay_ms: float = 0) -> Iterator[dict[str, Any]]:
        """Yield ``count`` items, each after a pause of ``delay_ms`` milliseconds.

        An item has its ``index``, from 0, and the ``time`` when it was made, in seconds since 1970.
        """
        self._calls += 1
        _check_count(count)
        for index in range(count):
            yield _item(index, delay_ms)

    @tool
    def infinite_stream(self, delay_ms: float = 0) -> Iterator[dict[str, Any]]:
        """Yield items as ``stream_data`` does, but without end, each after a pause of ``delay_ms`` milliseconds.

        The stream ends when the caller stops to read it, cancels it, or when its time is over: then the worker closes
        this generator, or interrupts its pause.
        """
        self._calls += 1
        index = 0
        while True:
            yield _item(index, delay_ms)
            index += 1

    @tool
    def stream_fibonacci(self, count: int) -> Iterator[int]:
        """Yield the first ``count`` Fibonacci numbers, from 0 and 1 on, exactly.

        They travel as numbers with all their digits. From the 94th on they are too large for 64 bits, so a .NET program
        reads them as BigInteger. Raises ValueError for a count whose numbers have more digits than Python writes.
        """
        self._calls += 1
        _check_count(count)
        if count > _MOST_FIBONACCI:
            raise ValueError(f"a count of Fibonacci numbers is at most {_MOST_FIBONACCI:,}, not {count:,}")
        current, following = 0, 1
        for _ in range(count):
            yield current
            current, following = following, current + following

    @tool
    def generate_dataset(self, rows: int, chunk: int = 100, seed: int = 0) -> Iterator[dict[str, Any]]:
        """Yield a data set of ``rows`` rows in chunks of ``chunk`` rows; the last chunk has what is left.

        A chunk has the number of its ``first`` row, from 0, and a list for each column: ``x``, numbers from 0 to 10,
        and ``y``, which is 3 + 2 x and an error of the mean 0 and the standard deviation 1. So a fit of the line tells
        if all rows have arrived. The rows depend on ``seed``, and not on ``chunk``.
        """
        self._calls += 1
        from random import Random  # its import takes longer than that of the rest of the showcase

        if rows < 0 or chunk < 1:
            raise ValueError(f"a data set has 0 rows or more in chunks of 1 or more, not {rows} in chunks of {chunk}")
        random = Random(seed)
        for first in range(0, rows, chunk):
            points = [_point(random.uniform(0, 10), random.gauss(0, 1)) for _ in range(min(chunk, rows - first))]
            yield {"first": first, "x": [x for x, _ in points], "y": [y for _, y in points]}


def _check_count(count: int) -> None:
    if count < 0:
        raise ValueError(f"a count is 0 or more, not {count}")


def _item(index: int, delay_ms: float) -> dict[str, Any]:
    if delay_ms > 0:
        time.sleep(delay_ms / 1000)
    return {"index": index, "time": time.time()}


def _point(x: float, error: float) -> tuple[float, float]:
    return x, 3 + 2 * x + error
