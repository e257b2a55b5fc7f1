"""Tools that return what they get, so that a test can compare it with what it has sent."""

from __future__ import annotations

import dataclasses

import numpy as np
from array_tools import back, back_async, same

from snakepit_worker import tool

__all__ = ["back", "back_async", "same", "same_node"]


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
def same_node(given: Node) -> Node:
    assert type(given) is Node and all(type(child) is Node for child in given.children)
    return given
