"""Tools with the annotations that the tables in docs/arrays.md name. They tell what they got, and return it."""

from __future__ import annotations

import array
from collections.abc import Callable
from typing import Any

import numpy as np

from snakepit_worker import tool


def _items(given: Any) -> Any:
    if type(given) in (bytes, bytearray):
        return list(given)
    return given.tolist() if hasattr(given, "tolist") else given


def _with(annotation: Any) -> Callable[..., Any]:
    def told_and_returned(given: Any) -> dict[str, Any]:
        dtype = str(getattr(given, "dtype", ""))
        return {"name": type(given).__name__, "items": repr(_items(given)), "dtype": dtype, "back": given}

    told_and_returned.__annotations__ = {"given": annotation}
    return told_and_returned


as_anything = tool(name="Any")(_with(Any))
as_bytes = tool(name="bytes")(_with(bytes))
as_bytearray = tool(name="bytearray")(_with(bytearray))
as_memoryview = tool(name="memoryview")(_with(memoryview))
as_ndarray = tool(name="numpy.ndarray")(_with(np.ndarray))
as_packed = tool(name="array.array")(_with(array.array))
as_bools = tool(name="list[bool]")(_with(list[bool]))
as_ints = tool(name="list[int]")(_with(list[int]))
as_floats = tool(name="list[float]")(_with(list[float]))
as_complexes = tool(name="list[complex]")(_with(list[complex]))
as_float = tool(name="float")(_with(float))
as_complex = tool(name="complex")(_with(complex))


@tool
def made(expression: str, name: str) -> Any:
    """Return the value of an expression, whose class must have this name."""
    names = {"numpy": np, "array": array}
    value = eval(expression, names)
    assert type(value) is eval(name, names), f"{expression} is a {type(value)}, not a {name}"
    return value
