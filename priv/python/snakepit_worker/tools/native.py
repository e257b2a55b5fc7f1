"""Wraps tools that are not Python code, such as functions of a C extension."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any


def in_python_frame(function: Callable[..., Any]) -> Callable[..., Any]:
    """Wrap a function in Python code, because a cancellation can be raised only in a Python stack frame of the tool."""

    def call(**arguments: Any) -> Any:
        return function(**arguments)

    return call
