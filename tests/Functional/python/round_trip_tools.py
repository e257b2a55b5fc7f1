"""Tools that return what they get, so that a test can compare it with what it has sent."""

from __future__ import annotations

import dataclasses
from typing import Any

import numpy as np

from snakepit_worker import tool


@dataclasses.dataclass
class Node:
    text: str
    whole: int
    real: float
    narrow: float
    number: complex
    flag: bool | None
    data: bytes
    more: bytearray
    row: np.ndarray
    grid: np.ndarray
    block: np.ndarray
    rows: list[np.ndarray]
    cubes: dict[str, np.ndarray]
    children: list[Node]
    named: dict[str, Node]


@tool
def back(given: np.ndarray) -> np.ndarray:
    return given


@tool
async def back_async(given: np.ndarray) -> np.ndarray:
    return given


@tool
def same(given: Any) -> Any:
    return given


@tool
def same_node(given: Node) -> Node:
    assert type(given) is Node and all(type(child) is Node for child in given.children)
    return given
