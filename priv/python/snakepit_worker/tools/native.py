"""Tools that are not Python code, such as a function of a C extension."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any


def in_python_frame(function: Callable[..., Any]) -> Callable[..., Any]:
    """Wrap a function in Python code, because a cancellation is only raised where a Python frame of the tool runs."""

    def call(**arguments: Any) -> Any:
        return function(**arguments)

    return call
