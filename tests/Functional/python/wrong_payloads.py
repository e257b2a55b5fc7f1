"""Tools with the names of those that payloads are measured with, each with a wrong value that its slot must notice."""

from __future__ import annotations

from array import array as array_of
from typing import Any

from snakepit_worker import tool


@tool
def echo(records: list[dict[str, Any]] | None = None, numbers: list[float] | None = None) -> dict[str, Any]:
    """Change the last record, or lose the last number."""
    if records is not None:
        return {"records": [*records[:-1], {**records[-1], "customer": "nobody"}]}
    assert numbers is not None
    return {"numbers": numbers[:-1]}


@tool
def echo_tensor(array: memoryview) -> memoryview:
    """Change the fourth number, which is neither in the middle nor at an end."""
    return _changed(array, 3)


@tool
def give(length: int) -> memoryview:
    """Change the eighth number."""
    return _changed(memoryview(array_of("f", range(length))), 7)


@tool
def take(array: memoryview) -> int:
    """Keep nothing."""
    return len(array)


@tool
def count_right(length: int) -> int:
    """Claim that one number was wrong."""
    return length - 1


def _changed(numbers: memoryview, index: int) -> memoryview:
    changed = array_of("f", numbers)
    changed[index] += 1
    return memoryview(changed)
