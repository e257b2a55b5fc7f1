"""Finds the adapter that the host names, and the tools in it."""

from __future__ import annotations

import importlib
import inspect
import sys
from collections.abc import Callable, Iterable
from types import ModuleType
from typing import Any

from ..api.adapter import Adapter
from ..api.tool import is_tool
from .tool import Tool


class AdapterError(Exception):
    """The adapter that the host names does not exist, or two of its tools have the same name."""


class _ModuleAdapter(Adapter):
    """Serves the ``@tool`` functions of a module, whose variable ``concurrent`` works as in an Adapter class."""

    def __init__(self, module: ModuleType) -> None:
        self.module = module
        # Only the value True counts: in a module that imports ``concurrent``, a package of the standard library, the
        # variable is that package.
        self.concurrent = vars(module).get("concurrent") is True


def load_adapter(name: str) -> Adapter:
    """Import the adapter ``"package.module:Class"`` or ``"package.module"`` and make an instance.

    A module without a class name must define one Adapter class, or else ``@tool`` functions, which are then served.
    Raises AdapterError if it defines neither, and passes on any exception that the import raises.
    """
    module_name, _, class_name = name.partition(":")
    module = _imported(module_name)
    if class_name:
        found = getattr(module, class_name, None)
        if not (isinstance(found, type) and issubclass(found, Adapter)):
            raise AdapterError(f"{module_name} has no Adapter class named {class_name!r}{_origin(module)}")
        return found()
    own = (
        member
        for member in vars(module).values()
        if isinstance(member, type) and issubclass(member, Adapter) and member.__module__ == module.__name__
    )
    classes = list(dict.fromkeys(own))  # a class that has two names in the module counts once
    if len(classes) == 1:
        return classes[0]()
    if classes:
        names = ", ".join(f"{module_name}:{found.__name__}" for found in classes)
        raise AdapterError(f"{module_name} defines several adapters; name one of them: {names}")
    adapter = _ModuleAdapter(module)
    if not tools_of(adapter):
        raise AdapterError(f"{module_name} defines no Adapter class and no function marked @tool{_origin(module)}")
    return adapter


def _imported(name: str) -> ModuleType:
    try:
        return importlib.import_module(name)
    except ModuleNotFoundError as error:
        package = sys.modules.get(name.partition(".")[0])
        if error.name is None or not name.startswith(error.name) or package is None:
            raise
        raise AdapterError(f"{error}{_origin(package)}") from error


def _origin(module: ModuleType) -> str:
    """Tell where a module comes from, for errors whose cause may be that another module has the adapter's name."""
    path = getattr(module, "__file__", None)
    if path is None:
        return "; it is Python's own module of this name, which is built in: give your module another name"
    if module.__name__.partition(".")[0] in sys.stdlib_module_names:
        return f"; it was imported from {path}, which is Python's own module of this name: give your module another name"
    return (
        f"; it was imported from {path}; if that is not yours, rename yours, or put its directory into "
        "SnakepitOptions.ModulePaths"
    )


def tools_of(adapter: Adapter) -> list[Tool]:
    """Return the tools of an adapter, sorted by name; raises AdapterError if two have the same name."""
    found: dict[str, Tool] = {}
    for made in map(Tool, _marked(adapter)):
        known = found.setdefault(made.name, made)
        if known.function != made.function:  # a function that has two names in its class is one tool
            raise AdapterError(f"two tools are named {made.name!r}; give one of them another name: @tool(name=…)")
    return [found[name] for name in sorted(found)]


def _marked(adapter: Adapter) -> Iterable[Callable[..., Any]]:
    if isinstance(adapter, _ModuleAdapter):
        members = vars(adapter.module).values()
        return (member for member in members if inspect.isroutine(member) and is_tool(member))
    return (getattr(adapter, name) for name in dir(type(adapter)) if is_tool(getattr(type(adapter), name)))
