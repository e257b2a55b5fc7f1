"""The decorator that makes a function a tool."""

from __future__ import annotations

import functools
import sys
from collections.abc import Callable
from types import FrameType, MethodType
from typing import Any, TypeVar, overload

_ATTRIBUTE = "__snakepit_tool__"
_COMPREHENSIONS = ("<listcomp>", "<dictcomp>", "<setcomp>", "<genexpr>")  # functions of their own before Python 3.12
_OPTIMIZED = 1  # the flag of code that belongs to a function, and not to a module or a class

_Marked = TypeVar("_Marked")


class ToolMark:
    """The options that ``@tool`` was given for a function."""

    __slots__ = ("description", "name")

    def __init__(self, name: str | None, description: str | None) -> None:
        """Store the options. None means that the function's own name or docstring is used."""
        self.name = name
        self.description = description


class Marking:
    """One use of ``@tool``.

    Attributes:
        target: What was marked.
        mark: Its mark.
        variables: The global variables of the code that marked it.
        line: The line of that code.
        owner: The name of the class whose body the code is, an empty text for the code of a module, or None for that of
            a function.
    """

    __slots__ = ("line", "mark", "owner", "target", "variables")

    def __init__(self, target: Any, mark: ToolMark, frame: FrameType) -> None:
        """Note that code which runs in ``frame`` has marked ``target``."""
        while frame.f_code.co_name in _COMPREHENSIONS and frame.f_back is not None:
            frame = frame.f_back
        self.target = target
        self.mark = mark
        self.variables = frame.f_globals
        self.line = frame.f_lineno
        is_function = frame.f_code.co_flags & _OPTIMIZED
        self.owner: str | None = None if is_function else str(frame.f_locals.get("__qualname__", ""))


_markings: list[Marking] = []  # of all that is marked, so that what cannot be served is named


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
        return _marked(target, mark, sys._getframe(1))  # pyright: ignore[reportPrivateUsage]

    return marked if function is None else _marked(function, mark, sys._getframe(1))  # pyright: ignore[reportPrivateUsage]


def _marked(target: Any, mark: ToolMark, frame: FrameType) -> Any:
    # A bound method takes no mark. If the method's function were marked instead, all other methods of it would be too.
    if type(target) is MethodType:
        target = functools.partial(target)
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
    _markings.append(Marking(function, mark, frame))
    return target


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


def markings() -> list[Marking]:
    """Return all uses of ``@tool`` in this process, also those whose functions no variable holds any more."""
    return _markings


def is_tool(member: object) -> bool:
    """Tell whether ``member`` is marked with ``@tool``."""
    return isinstance(getattr(member, _ATTRIBUTE, None), ToolMark)


def mark_of(function: Callable[..., Any]) -> ToolMark:
    """Return the ToolMark of a function for which ``is_tool`` is true."""
    mark: ToolMark = getattr(function, _ATTRIBUTE)
    return mark
