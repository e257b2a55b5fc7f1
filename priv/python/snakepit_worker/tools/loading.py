"""Finds the adapter that the host names, and the tools in it."""

from __future__ import annotations

import importlib
from types import ModuleType
from typing import Any

from ..api.adapter import Adapter
from ..payloads.descriptions import module_of
from .marked import AdapterError, class_tools, module_tools, refuse_unserved, require_sendable_name
from .tool import Tool


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
    module = importlib.import_module(module_name)
    if class_name:
        found = getattr(module, class_name, None)
        if not (isinstance(found, type) and issubclass(found, Adapter)):
            raise AdapterError(f"{module_name} has no Adapter class named {class_name!r}")
        return found()
    own = (
        member
        for member in vars(module).values()
        if issubclass(type(member), type) and issubclass(member, Adapter) and module_of(member) == module.__name__
    )
    classes = list(dict.fromkeys(own))  # a class that has two names in the module counts once
    if len(classes) == 1:
        refuse_unserved(module, classes[0])
        return classes[0]()
    if classes:
        names = ", ".join(f"{module_name}:{found.__name__}" for found in classes)
        raise AdapterError(f"{module_name} defines several adapters; name one of them: {names}")
    refuse_unserved(module, None)
    adapter = _ModuleAdapter(module)
    if not tools_of(adapter):
        raise AdapterError(f"{module_name} defines no Adapter class and no function marked @tool")
    return adapter


def tools_of(adapter: Adapter) -> list[Tool]:
    """Return the tools of an adapter, sorted by name; raises AdapterError if two have the same name."""
    found: dict[str, Tool] = {}
    objects: dict[str, Any] = {}
    is_module = isinstance(adapter, _ModuleAdapter)
    for variable, marked in module_tools(adapter.module) if is_module else class_tools(adapter):
        made = Tool(marked, variable)
        require_sendable_name(made.name, variable)
        # A function that has two names in its module or class is one tool. Methods are made anew at each access.
        same = getattr(marked, "__func__", marked)
        if objects.setdefault(made.name, same) is not same:
            raise AdapterError(f"two tools are named {made.name!r}; give one of them another name: @tool(name=…)")
        found[made.name] = made
    return [found[name] for name in sorted(found)]
