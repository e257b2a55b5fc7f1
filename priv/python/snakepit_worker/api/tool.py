"""The decorator that makes a function a tool."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

_MARK = "__snakepit_tool__"


@dataclass(frozen=True, slots=True)
class _Mark:
    name: str | None
    description: str | None


def tool(function: Callable[..., Any] | None = None, *, name: str | None = None, description: str | None = None) -> Any:
    """Mark a function or method as a tool, bare (``@tool``) or with options (``@tool(name="sum")``).

    ``name`` defaults to the function's name and ``description`` to its docstring. A parameter annotated with
    ``Context`` (or named ``ctx``) receives the call's context; it is not an argument that callers give.
    """

    def mark(target: Callable[..., Any]) -> Callable[..., Any]:
        # A static or class method is marked inside: what a class gives out is the function, not the wrapper.
        setattr(getattr(target, "__func__", target), _MARK, _Mark(name, description))
        return target

    return mark if function is None else mark(function)


def is_tool(member: object) -> bool:
    """Tell whether ``member`` is marked with ``@tool``."""
    return isinstance(getattr(member, _MARK, None), _Mark)


def mark_of(function: Callable[..., Any]) -> _Mark:
    """Return what ``@tool`` was given for a marked ``function``."""
    mark: _Mark = getattr(function, _MARK)
    return mark
