"""The decorator that makes a function a tool."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar, overload

_ATTRIBUTE = "__snakepit_tool__"

_Marked = TypeVar("_Marked")


class ToolMark:
    """The options that ``@tool`` was given for a function."""

    __slots__ = ("description", "name")

    def __init__(self, name: str | None, description: str | None) -> None:
        """Store the options. None means that the function's own name or docstring is used."""
        self.name = name
        self.description = description


@overload
def tool(function: _Marked, /) -> _Marked: ...
@overload
def tool(*, name: str | None = None, description: str | None = None) -> Callable[[_Marked], _Marked]: ...
def tool(function: Any = None, /, *, name: str | None = None, description: str | None = None) -> Any:
    """Mark a function or method as a tool, bare (``@tool``) or with options (``@tool(name="sum")``).

    Arguments are checked against the annotations before the tool runs. A parameter that is annotated ``Context``, or
    named ``ctx`` without an annotation, receives the call's context. A generator becomes a stream. An ``async def``
    tool runs on the worker's event loop.

    Args:
        function: The function or method, when the decorator is used bare.
        name: The name that callers use; by default the function's own.
        description: What the tool does, for ``ListToolsAsync``; by default the docstring.

    Raises:
        TypeError: When the adapter is loaded, for a tool with positional-only parameters: callers give arguments by
            name.

    Example::

        @tool(name="greet")
        def make_greeting(name: str, ctx: Context) -> str:
            return f"Hello {name}, from worker {ctx.worker}"
    """
    mark = ToolMark(name, description)

    def marked(target: Any) -> Any:
        # A static or class method is an object that wraps a function. The mark is set on the wrapped function, because
        # attribute access on the adapter finds that function and not the wrapper.
        setattr(getattr(target, "__func__", target), _ATTRIBUTE, mark)
        return target

    return marked if function is None else marked(function)


def is_tool(member: object) -> bool:
    """Tell whether ``member`` is marked with ``@tool``."""
    return isinstance(getattr(member, _ATTRIBUTE, None), ToolMark)


def mark_of(function: Callable[..., Any]) -> ToolMark:
    """Return the ToolMark of a function for which ``is_tool`` is true."""
    mark: ToolMark = getattr(function, _ATTRIBUTE)
    return mark
