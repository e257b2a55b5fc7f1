"""Finds the adapter that the host names, and the tools in it."""

from __future__ import annotations

import importlib
import inspect
import sys
from types import ModuleType
from typing import Any

from ..api.adapter import Adapter
from ..api.tool import is_tool
from ..payloads.descriptions import module_of
from ..process.own_frames import calls_adapter
from .marked import AdapterError, class_tools, module_tools, require_sendable_name
from .tool import Tool
from .unserved import refuse_lost, refuse_unserved

# The methods of Adapter that the worker calls in the course of its life.
_LIFE = ("prepare", "start", "stop")


class _ModuleAdapter(Adapter):
    """Serves the ``@tool`` functions of a module.

    The variable ``concurrent`` and the functions ``prepare``, ``start`` and ``stop`` work as in an Adapter class.
    """

    def __init__(self, module: ModuleType) -> None:
        self.module = module
        # Only the value True counts: in a module that imports ``concurrent``, a package of the standard library, the
        # variable is that package.
        self.concurrent = vars(module).get("concurrent") is True
        for name in _LIFE:
            function = vars(module).get(name)
            # A function that the module imports, and a tool that happens to have this name, are no part of its life.
            if inspect.isfunction(function) and function.__module__ == module.__name__ and not is_tool(function):
                setattr(self, name, function)


@calls_adapter
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
        return _checked(found(), name)
    own = (
        member
        for member in vars(module).values()
        if issubclass(type(member), type) and issubclass(member, Adapter) and module_of(member) == module.__name__
    )
    classes = list(dict.fromkeys(own))  # a class that has two names in the module counts once
    if len(classes) == 1:
        refuse_unserved(module, classes[0])
        return _checked(classes[0](), name)
    if classes:
        names = ", ".join(f"{module_name}:{found.__name__}" for found in classes)
        raise AdapterError(f"{module_name} defines several adapters; name one of them: {names}")
    refuse_unserved(module, None)
    adapter = _ModuleAdapter(module)
    doubts_of(adapter, name)
    if not tools_of(adapter):
        raise AdapterError(f"{module_name} defines no Adapter class and no function marked @tool{_origin(module)}")
    return _checked(adapter, name)


def _checked(adapter: Adapter, name: str) -> Adapter:
    """Return ``adapter``; raises AdapterError for a tool that is lost, or a step of its life that cannot be called."""
    doubts_of(adapter, name)
    for step in _LIFE:
        method = getattr(adapter, step)
        if inspect.iscoroutinefunction(method):
            raise AdapterError(f"{step}() of {name} is async, but the worker does not await it: write a plain def")
        try:
            inspect.signature(method).bind()
        except TypeError as error:
            raise AdapterError(
                f"{step}() of {name} is called by the worker without arguments, but takes some ({error}): give it "
                "another name if the worker is not to call it"
            ) from None
        except ValueError:
            pass  # a method that is written in C may have no signature
    return adapter


def doubts_of(adapter: Adapter, name: str) -> list[str]:
    """Return what may be wrong with the tools of an adapter that was loaded by ``name``, or may be meant so."""
    module = adapter.module if isinstance(adapter, _ModuleAdapter) else sys.modules.get(type(adapter).__module__)
    return [] if module is None else refuse_lost(module, adapter, is_only=":" not in name)


@calls_adapter
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
    path = getattr(module, "__file__", None) or next(iter(getattr(module, "__path__", ())), None)
    if path is None:
        return "; it is Python's own module of this name, which is built in: give your module another name"
    if module.__name__.partition(".")[0] in sys.stdlib_module_names:
        return (
            f"; it was imported from {path}, which is Python's own module of this name: give your module another name"
        )
    return (
        f"; it was imported from {path}; if that is not yours, rename yours, or put its directory into "
        "SnakepitOptions.ModulePaths"
    )


def tools_of(adapter: Adapter) -> list[Tool]:
    """Return the tools of an adapter, sorted by name; raises AdapterError if two have the same name."""
    found: dict[str, Tool] = {}
    identities: dict[str, Any] = {}
    is_module = isinstance(adapter, _ModuleAdapter)
    for marked in module_tools(adapter.module) if is_module else class_tools(adapter):
        made = Tool(marked)
        require_sendable_name(made.name, marked.variable)
        # A function that has two names in its module or class is one tool.
        if identities.setdefault(made.name, marked.identity) != marked.identity:
            raise AdapterError(f"two tools are named {made.name!r}; give one of them another name: @tool(name=…)")
        found[made.name] = made
    return [found[name] for name in sorted(found)]
