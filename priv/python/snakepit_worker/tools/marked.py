"""Finds everything that is marked ``@tool`` in a module or an adapter."""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable, Iterator
from types import MethodType, ModuleType
from typing import Any

from ..api.adapter import Adapter
from ..api.tool import ToolMark, is_tool, mark_of
from ..process import forks

_LONGEST_NAME = 1024  # bytes of UTF-8; the C# code has the same limit


class AdapterError(Exception):
    """The adapter that the host names does not exist, or one of its tools cannot be served."""


class Marked:
    """Something that is marked ``@tool``, where the worker finds it.

    Attributes:
        variable: The name of the variable or attribute that holds it.
        takes_variable: Whether it has the name of its variable, even if its function has another one.
        identity: Equal for two variables that hold the same tool.
    """

    def __init__(
        self, variable: str, function: Callable[..., Any], mark: ToolMark, takes_variable: bool, identity: Any
    ) -> None:
        """Describe what was found."""
        self.variable = variable
        self.function = function
        self.mark = mark
        self.takes_variable = takes_variable
        self.identity = identity


def module_tools(module: ModuleType) -> Iterator[Marked]:
    """Return the tools of a module. An object with two names comes once."""
    seen: set[int] = set()
    for variable, member in list(vars(module).items()):
        mark = find_mark(member)
        if mark is not None and id(member) not in seen:
            seen.add(id(member))
            function = _callable(f"{module.__name__}.{variable}", unwrapped(member))
            # Methods of several objects may have the same function, and so the same name.
            is_method = type(member) is MethodType
            identity = (id(member.__func__), id(member.__self__)) if is_method else id(function)
            yield Marked(variable, function, mark, is_method, identity)


def class_tools(adapter: Adapter) -> Iterator[Marked]:
    """Return the tools of an adapter: those of its class, bound to the instance, and those in the instance's variables.

    A variable that holds a method which its class has marked is another name of that method, and no other tool.
    """
    kind = type(adapter)
    for name in dir(kind):
        found = inspect.getattr_static(kind, name)
        mark = find_mark(found)
        if mark is not None:
            hidden = _hidden_by(found)
            if hidden:
                raise AdapterError(
                    f"{kind.__qualname__}.{name} is marked @tool and a {hidden}, which cannot be called; "
                    f"write a method without {hidden}"
                )
            function = _callable(f"{kind.__qualname__}.{name}", getattr(adapter, name))
            yield Marked(name, function, mark, False, id(unwrapped(found)))
    for name, found in list(vars(adapter).items()):
        mark = None if type(found) is MethodType else find_mark(found)
        if mark is not None:
            function = _callable(f"{kind.__qualname__}.{name}", unwrapped(found))
            yield Marked(name, function, mark, False, id(function))


def require_sendable_name(name: str, variable: str) -> None:
    """Raise AdapterError if no caller could call a tool by its name."""
    try:
        size = len(name.encode())
    except UnicodeEncodeError:
        size = 0
    if not name.strip() or not 0 < size <= _LONGEST_NAME:
        raise AdapterError(
            f"the tool {variable} has the name {name[:100]!a}; a name is text of 1 to {_LONGEST_NAME:,} bytes of UTF-8"
        )


def is_class(member: Any) -> bool:
    """Tell whether an object is a class."""
    return issubclass(type(member), type)  # isinstance would ask the object itself, whose code may raise anything


def unwrapped(member: Any) -> Any:
    """Return the function in a static or class method, a property or the like; any other object itself."""
    if type(member) in (staticmethod, classmethod):
        return member.__func__
    if type(member) is property:
        return member.fget
    return member.func if type(member) is functools.cached_property else member


def find_mark(member: Any) -> ToolMark | None:
    """Return the mark of an object, or of the function that a method, property or the like is around; else None."""
    if is_class(member):
        return None
    member = unwrapped(member)
    try:
        return mark_of(member) if is_tool(member) else None
    except Exception as error:  # a module may have objects that raise when they are asked, such as a proxy
        forks.end_if_forked(error)
        return None


def _hidden_by(member: Any) -> str:
    """Return the name of the decorator that makes a marked method an attribute, or an empty text."""
    return type(member).__name__ if type(member) in (property, functools.cached_property) else ""


def _callable(name: str, member: Any) -> Callable[..., Any]:
    if not callable(member):
        raise AdapterError(f"{name} is marked @tool, but a {type(member).__name__} cannot be called")
    return member
