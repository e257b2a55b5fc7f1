"""A tool of the showcase that compares how arrays can be sent: as a list in JSON, and as their bytes."""

from __future__ import annotations

import json
import statistics
import time
from collections.abc import Callable
from typing import Any, TypedDict

from snakepit_worker import tool

from .counting import CountingAdapter
from .numeric import numpy

_MOST_NUMBERS = 10_000_000
_MOST_REPEATS = 1_000


class Cost(TypedDict):
    """What one way to send an array costs in Python.

    Attributes:
        bytes: How many bytes are sent, without what a frame adds.
        encode_ms: Milliseconds from the array to the bytes, the median of all repeats.
        decode_ms: Milliseconds from the bytes to the array, the median of all repeats.
    """

    bytes: int
    encode_ms: float
    decode_ms: float


class Comparison(TypedDict):
    """What both ways cost for an array of ``numbers`` random float64."""

    numbers: int
    json: Cost
    array: Cost


class EncodingTools(CountingAdapter):
    """Tools that measure how values are encoded."""

    @tool
    def encode_benchmark(self, sizes: list[int], repeats: int = 5) -> list[Comparison]:
        """Measure how long Python takes to encode and decode arrays of these sizes, as JSON and as bytes.

        Both ways begin and end with an array of numpy. What the frames, the transport and .NET take is not measured.
        """
        self._calls += 1
        np = numpy()
        for size in sizes:
            if not 0 <= size <= _MOST_NUMBERS:
                raise ValueError(f"a size is a number from 0 to {_MOST_NUMBERS:,}, not {size:,}")
        if not 1 <= repeats <= _MOST_REPEATS:
            raise ValueError(f"the number of repeats is 1 to {_MOST_REPEATS:,}, not {repeats:,}")
        random = np.random.default_rng(1)
        return [_compared(random.random(size), repeats) for size in sizes]


def _compared(array: Any, repeats: int) -> Comparison:
    np = numpy()
    return {
        "numbers": array.size,
        "json": _cost(
            array,
            repeats,
            lambda numbers: json.dumps(numbers.tolist(), separators=(",", ":")).encode(),
            lambda encoded: np.array(json.loads(encoded), np.float64),
        ),
        "array": _cost(
            array, repeats, lambda numbers: numbers.tobytes(), lambda encoded: np.frombuffer(encoded, np.float64)
        ),
    }


def _cost(array: Any, repeats: int, encode: Callable[[Any], bytes], decode: Callable[[bytes], Any]) -> Cost:
    encoding: list[float] = []
    decoding: list[float] = []
    encoded = b""
    for _ in range(repeats):
        start = time.perf_counter()
        encoded = encode(array)
        between = time.perf_counter()
        decoded = decode(encoded)
        end = time.perf_counter()
        if decoded.tobytes() != array.tobytes():
            raise AssertionError("the numbers have changed on their way")  # then the times would be worth nothing
        encoding.append((between - start) * 1000)
        decoding.append((end - between) * 1000)
    return {
        "bytes": len(encoded),
        "encode_ms": statistics.median(encoding),
        "decode_ms": statistics.median(decoding),
    }
