"""Finds everything that is marked ``@tool`` in a module or a class; all of it is served, or refused by its name."""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable, Iterator, Mapping
from types import MethodType, ModuleType
from typing import Any

from ..api.adapter import Adapter
from ..api.tool import is_tool, marked_functions
from ..payloads.descriptions import class_name, module_of
from ..process import forks

_LONGEST_NAME = 1024  # bytes of UTF-8; the C# code has the same limit


class AdapterError(Exception):
    """The adapter that the host names does not exist, or one of its tools cannot be served."""


def module_tools(module: ModuleType) -> Iterator[tuple[str, Callable[..., Any]]]:
    """Return the tools of a module, each with the name of its variable. An object with two names comes once."""
    seen: set[int] = set()
    for variable, member in list(vars(module).items()):
        if _is_marked(member) and id(member) not in seen:
            seen.add(id(member))
            function = member.__func__ if type(member) is staticmethod else member
            yield variable, _callable(f"{module.__name__}.{variable}", function)


def class_tools(adapter: Adapter) -> Iterator[tuple[str, Callable[..., Any]]]:
    """Return the tools of an adapter class, bound to the instance ``adapter``, each with the name of its attribute."""
    kind = type(adapter)
    for name in dir(kind):
        if _is_marked(found := inspect.getattr_static(kind, name)):
            hidden = _hidden_by(found)
            if hidden:
                raise AdapterError(
                    f"{kind.__qualname__}.{name} is marked @tool and a {hidden}, which cannot be called; "
                    f"write a method without {hidden}"
                )
            yield name, _callable(f"{kind.__qualname__}.{name}", getattr(adapter, name))


def refuse_unserved(module: ModuleType, adapter: type[Adapter] | None) -> None:
    """Raise AdapterError if ``module`` defines a tool that would not be served.

    ``adapter`` is the class in the module whose tools are served; None means that the module's functions are.
    """
    for function in marked_functions():
        if function.__globals__ is vars(module) and _is_hidden(function.__qualname__, module):
            raise AdapterError(
                f"{module.__name__}.{function.__qualname__} is marked @tool, but the decorator above @tool returns "
                "another object, which is not marked; put @tool above that decorator"
            )
    for kind in filter(_is_class, list(vars(module).values())):
        is_served = issubclass(kind, Adapter) or (adapter is not None and issubclass(adapter, kind))
        if is_served or module_of(kind) != module.__name__:
            continue
        for name, member in _members(kind).items():
            if _is_marked(member) and not _has_bound(member, module):
                raise AdapterError(
                    f"{module.__name__}.{class_name(kind)}.{name} is marked @tool, but its class is no adapter; "
                    f"write class {class_name(kind)}(Adapter)"
                )
    if adapter is None:
        return
    served = {id(member) for kind in adapter.__mro__ for member in vars(kind).values()}
    for variable, member in vars(module).items():
        if _is_marked(member) and id(member) not in served and _module_of(member) == module.__name__:
            raise AdapterError(
                f"{module.__name__}.{variable} is marked @tool, but only methods of the module's adapter "
                f"{adapter.__qualname__} are served; make it a method of that class"
            )


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


_members: Callable[[type], Mapping[str, Any]] = type.__dict__["__dict__"].__get__  # past a metaclass of the user's


def _is_class(member: Any) -> bool:
    return issubclass(type(member), type)  # isinstance would ask the object itself, whose code may raise anything


def _is_marked(member: Any) -> bool:
    """Tell whether an object is marked itself, or is a method, property or the like around a function that is."""
    if _is_class(member):
        return False
    if type(member) in (staticmethod, classmethod):
        member = member.__func__
    elif type(member) is property:
        member = member.fget
    elif type(member) is functools.cached_property:
        member = member.func
    try:
        return is_tool(member)
    except Exception as error:  # a module may have objects that raise when they are asked, such as a proxy
        forks.end_if_forked(error)
        return False


def _is_hidden(path: str, module: ModuleType) -> bool:
    """Tell whether the object at ``path`` in a module is one that is not marked."""
    found: Any = module
    missing = object()
    for name in path.split("."):
        if found is not module and not _is_class(found):
            return False
        found = (vars(module) if found is module else _members(found)).get(name, missing)
        if found is missing:
            return False  # a function in a function, or one that was deleted
    return not _is_marked(found)


def _module_of(member: Any) -> str:
    return str(getattr(member, "__module__", ""))


def _hidden_by(member: Any) -> str:
    """Return the name of the decorator that makes a marked method an attribute, or an empty text."""
    return type(member).__name__ if type(member) in (property, functools.cached_property) else ""


def _callable(name: str, member: Any) -> Callable[..., Any]:
    if not callable(member):
        raise AdapterError(f"{name} is marked @tool, but a {type(member).__name__} cannot be called")
    return member


def _has_bound(member: Any, module: ModuleType) -> bool:
    """Tell whether a variable of the module is a bound method of the function ``member``."""
    return any(type(found) is MethodType and found.__func__ is member for found in vars(module).values())
