"""Tools that return results which JSON can express exactly, and results which it cannot express."""

from __future__ import annotations

from typing import Any

from snakepit_worker import tool


class _Opaque:
    pass


class _Rebellious(dict):
    def items(self) -> Any:
        raise RuntimeError("no items today")


@tool
def not_encodable(kind: str) -> Any:
    circular: list[Any] = []
    circular.append(circular)
    deep: list[Any] = []
    for _ in range(100_000):
        deep = [deep]
    return {
        "object": _Opaque(),
        "surrogate": "half of \ud83d",
        "circular": circular,
        "deep": deep,
        "key": {(1, 2): "a tuple is no key"},
        "rebellious": _Rebellious(a=1),
    }[kind]


@tool
def awkward_values() -> dict[str, Any]:
    return {
        "none": None,
        "five": 5,
        "five_point_zero": 5.0,
        "large": 2**60 + 1,
        "larger": 2**200,
        "tenth": 0.1,
        "tiny": 5e-324,
        "tuple": (1, (2, 3)),
        "true": True,
        "text": 'naïve Ω 漢字 🐍 \x00 \u2028 "quoted" \\',
        "empty": [{}, [], ""],
        "keys": {2: "int", None: "none", True: "bool"},
    }


@tool
def big(mb: int) -> str:
    return "x" * (mb * 1024 * 1024)
