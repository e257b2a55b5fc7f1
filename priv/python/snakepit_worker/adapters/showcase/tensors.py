"""Tools of the showcase that make arrays, and that return them as they came."""

from __future__ import annotations

import math
from typing import Any, Literal, TypeAlias

from snakepit_worker import tool

from .counting import CountingAdapter
from .numeric import Array, numpy

ElementType: TypeAlias = Literal[
    "bool",
    "int8",
    "uint8",
    "int16",
    "uint16",
    "int32",
    "uint32",
    "int64",
    "uint64",
    "float16",
    "float32",
    "float64",
    "complex128",
]
Fill: TypeAlias = bool | int | float | complex | Literal["range", "random"]

_MOST_DIMENSIONS = 32  # of an array of numpy before version 2
_MOST_BYTES = 256 * 1024 * 1024


class TensorTools(CountingAdapter):
    """Tools that make arrays of every type, and that return arrays as they came."""

    @tool
    def create_tensor(self, shape: list[int], dtype: ElementType = "float64", fill: Fill = 0, seed: int = 0) -> Array:
        """Return an array whose elements are all ``fill``, the numbers 0, 1, 2 ..., or random with ``seed``."""
        self._calls += 1
        np = numpy()
        kind = np.dtype(dtype)
        _check_shape(shape, kind)
        if fill == "range":
            return _range(math.prod(shape), kind).reshape(shape)
        if fill == "random":
            return _random(shape, kind, seed)
        return np.full(shape, _element(fill, kind))

    @tool
    def echo_tensor(self, array: Array) -> Array:
        """Return an array as it came, with its type and its shape."""
        self._calls += 1
        numpy()
        return array


def _check_shape(shape: list[int], kind: Any) -> None:
    if not 1 <= len(shape) <= _MOST_DIMENSIONS:
        raise ValueError(f"a tensor has 1 to {_MOST_DIMENSIONS} dimensions, not {len(shape)}")
    if min(shape) < 0:
        raise ValueError(f"a dimension has a length of 0 or more, not {min(shape)}")
    size = kind.itemsize * math.prod(length for length in shape if length)
    if size > _MOST_BYTES:  # numpy counts the dimensions of an empty array too, and so does this
        raise ValueError(f"a tensor of {kind.name} with shape {tuple(shape)} is larger than {_MOST_BYTES:,} bytes")


def _element(fill: complex, kind: Any) -> Any:
    """Return ``fill`` as an element; raises ValueError if the type has no such number, or none near it."""
    np = numpy()
    if kind.kind not in "fc":
        low, high = (0, 1) if kind.kind == "b" else (np.iinfo(kind).min, np.iinfo(kind).max)
        if isinstance(fill, complex) or not low <= fill <= high or fill != int(fill):
            raise ValueError(f"{fill} is no {kind.name}")
        return kind.type(int(fill))
    if kind.kind == "f" and isinstance(fill, complex):
        raise ValueError(f"{fill} is no {kind.name}")
    try:
        with np.errstate(over="raise"):
            return kind.type(fill)
    except (OverflowError, FloatingPointError):
        raise ValueError(f"the number is too large for {kind.name}") from None


def _range(count: int, kind: Any) -> Any:
    np = numpy()
    if kind.kind == "b":
        most = 2
    elif kind.kind in "iu":
        most = int(np.iinfo(kind).max) + 1
    else:
        most = 2 ** (np.finfo(kind).nmant + 1) + 1  # from there on, not every whole number is one of the type
    if count > most:
        raise ValueError(f"a range of {kind.name} has up to {most:,} numbers, not {count:,}")
    return np.arange(count).astype(kind)


def _random(shape: list[int], kind: Any, seed: int) -> Any:
    """Return numbers of the whole range of bool and of integers, and numbers from 0 to 1 of the other types."""
    np = numpy()
    if seed < 0:
        raise ValueError(f"a seed is 0 or more, not {seed}")
    random = np.random.default_rng(seed)
    if kind.kind == "b":
        return random.integers(0, 2, shape, dtype=np.uint8).astype(kind)
    if kind.kind in "iu":
        limits = np.iinfo(kind)
        return random.integers(limits.min, limits.max, shape, dtype=kind, endpoint=True)
    if kind.kind == "c":
        return random.random(shape) + 1j * random.random(shape)
    return random.random(shape).astype(kind)
