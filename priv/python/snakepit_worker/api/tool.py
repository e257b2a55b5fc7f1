"""The decorator that makes a function a tool."""

from __future__ import annotations

from collections.abc import Callable
from types import FunctionType
from typing import Any, TypeVar, overload

_ATTRIBUTE = "__snakepit_tool__"

_functions: list[FunctionType] = []  # all that are marked, so that one which a decorator has hidden can be named

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

    Arguments are converted as the annotations tell before the tool runs. A parameter that is annotated ``Context``, or
    named ``ctx`` without an annotation, receives the call's context. A generator becomes a stream. An ``async def``
    tool runs on the worker's event loop.

    Args:
        function: The function or method, when the decorator is used bare.
        name: The name that callers use; by default the function's own.
        description: What the tool does, for ``ListToolsAsync``; by default the docstring.

    Raises:
        TypeError: For an object that is not callable, or cannot be marked. When the adapter is loaded, also for a tool
            with positional-only parameters: callers give arguments by name.

    Example::

        @tool(name="greet")
        def make_greeting(name: str, ctx: Context) -> str:
            return f"Hello {name}, from worker {ctx.worker}"
    """
    for option, value in (("name", name), ("description", description)):
        if not isinstance(value, str | None):  # pyright: ignore[reportUnnecessaryIsInstance] (it comes from the user)
            raise TypeError(f"@tool({option}=…) takes a str, not {type(value).__name__}")
    mark = ToolMark(name, description)

    def marked(target: Any) -> Any:
        # A static or class method is an object that wraps a function. The mark is set on the wrapped function, because
        # attribute access on the adapter finds that function and not the wrapper.
        function = getattr(target, "__func__", target)
        if isinstance(function, type) or not callable(function):
            raise TypeError(f"@tool marks functions and other callable objects, not {_named(target)}{_advice(target)}")
        try:
            setattr(function, _ATTRIBUTE, mark)
        except (AttributeError, TypeError):
            raise TypeError(
                f"@tool cannot mark {_named(target)}, which takes no attributes; mark a function that calls it: "
                "@tool, and below it def name(…): return …"
            ) from None
        if isinstance(function, FunctionType):
            _functions.append(function)
        return target

    return marked if function is None else marked(function)


def _named(target: Any) -> str:
    name = getattr(target, "__qualname__", None)
    kind = type(target).__name__
    return f"the {'class' if isinstance(target, type) else kind} {name}" if isinstance(name, str) else f"a {kind}"


def _advice(target: Any) -> str:
    if isinstance(target, type):
        return "; derive the class from Adapter and mark its methods"
    if isinstance(target, str):
        return f"; write @tool(name={target!r})"
    if isinstance(target, property) or hasattr(target, "func"):
        return "; write a method without that decorator"
    return ""


def marked_functions() -> list[FunctionType]:
    """Return all functions that have been marked in this process, also those that no variable holds any more."""
    return _functions


def is_tool(member: object) -> bool:
    """Tell whether ``member`` is marked with ``@tool``."""
    return isinstance(getattr(member, _ATTRIBUTE, None), ToolMark)


def mark_of(function: Callable[..., Any]) -> ToolMark:
    """Return the ToolMark of a function for which ``is_tool`` is true."""
    mark: ToolMark = getattr(function, _ATTRIBUTE)
    return mark
