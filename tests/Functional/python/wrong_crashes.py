"""Tools with the names of those that benchmark hosts crash workers with, which crash when they should not."""

from __future__ import annotations

import os

from snakepit_worker import tool

_ENDS = 3


@tool
def crash(how: str) -> str:
    """Return, although the worker should end."""
    return how


@tool
def add(a: float, b: float) -> float:
    """Add two numbers, and end the worker at one of them."""
    if a == _ENDS:
        os._exit(1)
    return a + b
