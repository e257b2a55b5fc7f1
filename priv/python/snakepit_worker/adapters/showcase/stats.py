"""A tool of the showcase that describes an array of numbers."""

from __future__ import annotations

import math
from typing import Any, TypedDict

from snakepit_worker import tool

from .counting import CountingAdapter
from .numeric import Numbers, numpy


class Range(TypedDict):
    """What the numbers of an array have in common. All of it is None if there are no numbers.

    Attributes:
        min: The smallest number, exactly.
        max: The largest number, exactly.
        mean: The mean.
        std: The standard deviation of these numbers, which is not an estimate for a larger set.
    """

    min: int | float | None
    max: int | float | None
    mean: float | None
    std: float | None


class TensorStats(Range):
    """What an array has.

    Attributes:
        shape: The length of each dimension.
        dtype: The type of the elements, as numpy names it.
        count: How many elements there are.
        nans: How many of them are NaN, which is no number here.
    """

    shape: list[int]
    dtype: str
    count: int
    nans: int


class StatsTools(CountingAdapter):
    """Tools that describe arrays of numbers."""

    @tool
    def tensor_stats(self, array: Numbers) -> TensorStats:
        """Describe an array of integers, of floats, or of bool, in which true counts as 1."""
        self._calls += 1
        np = numpy()
        numbers: Any = array.ravel()
        if numbers.dtype.kind == "f":
            numbers = numbers[~np.isnan(numbers)].astype(np.float64)
        elif numbers.dtype.kind == "b":
            numbers = numbers.astype(np.uint8)
        nans = array.size - numbers.size
        return {
            "shape": list(array.shape),
            "dtype": array.dtype.name,
            "count": array.size,
            "nans": nans,
            **_range_of(numbers),
        }


def _range_of(numbers: Any) -> Range:
    if not numbers.size:
        return {"min": None, "max": None, "mean": None, "std": None}
    low, high = numbers.min().item(), numbers.max().item()
    mean, std = _of_floats(numbers, low, high) if numbers.dtype.kind == "f" else _of_integers(numbers, low)
    return {"min": low, "max": high, "mean": mean, "std": std}


def _of_integers(numbers: Any, low: int) -> tuple[float, float]:
    # The distances from the smallest integer fit an unsigned one, and keep digits that a float of the integers loses.
    np = numpy()
    distances = (numbers.astype(np.uint64) - np.uint64(low % 2**64)).astype(np.float64)
    return low + float(distances.mean()), float(distances.std())


def _of_floats(numbers: Any, low: float, high: float) -> tuple[float, float]:
    np = numpy()
    if math.isinf(low) or math.isinf(high):
        return low + high, math.nan  # which is infinite, or NaN for both infinities
    # A sum of large numbers, or of their squares, may be larger than a float can be; one of scaled numbers is not.
    largest, exponent = math.frexp(max(abs(low), abs(high)))
    scaled = np.ldexp(numbers, -exponent)
    mean = math.ldexp(float(scaled.mean()), exponent)
    return min(max(mean, low), high), math.ldexp(min(float(scaled.std()), largest), exponent)
