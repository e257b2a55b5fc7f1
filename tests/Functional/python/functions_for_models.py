"""An adapter whose tools have annotations of many kinds."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Literal

from snakepit_worker import tool


@tool
def weather(city: str, days: int = 3, unit: Literal["C", "F"] = "C") -> dict[str, float]:
    """Return the forecast for a city."""
    if not city:
        raise ValueError("a city is needed")
    return {f"day {day + 1}": 20.5 if unit == "C" else 69.0 for day in range(days)}


@tool
def remember(facts: list[str] | None = None, **more: Any) -> int:
    return len(facts or []) + len(more)


@tool
def tell(story: str) -> Iterator[str]:
    yield story
