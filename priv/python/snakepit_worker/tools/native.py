"""Tools that are no Python code."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any


def in_a_frame(function: Callable[..., Any]) -> Callable[..., Any]:
    """Wrap what is no Python code in some that is: an interrupt is raised only inside a Python frame."""

    def call(**arguments: Any) -> Any:
        return function(**arguments)

    return call
