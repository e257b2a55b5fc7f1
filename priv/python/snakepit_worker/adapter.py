"""Adapters: what a worker serves, and how it is found."""

from __future__ import annotations

import importlib
import inspect
from collections.abc import Callable, Iterable
from types import ModuleType
from typing import Any, ClassVar

from .tool import Tool, is_tool


class AdapterError(Exception):
    """What the host named as its adapter is not one."""


class Adapter:
    """A set of tools with a life: methods marked ``@tool``, and three moments to override.

    With forked workers one instance is made and prepared in the template, and every worker gets a copy of it for the
    price of a fork. A spawned worker makes and prepares its own.

    ``concurrent = True`` says that its tools may run at the same time, in threads or as tasks of one event loop; only
    then may a worker have a capacity of more than 1.
    """

    concurrent: ClassVar[bool] = False

    def prepare(self) -> None:
        """Do once what all workers share: load the model, read the data. Leave no thread running behind."""

    def start(self) -> None:
        """Open what each worker needs for itself: connections, files, threads. Runs before the first call.

        The process is a batch process by then (see scheduling.py); set another policy here if it should not be. Its
        SIGIO is taken: the host's cancellations come by it.
        """

    def stop(self) -> None:
        """Close what ``start`` opened. Runs when a worker is drained, not when it is killed."""

    def tools(self) -> list[Tool]:
        """Return the tools of this adapter, sorted by name."""
        return _tools_of(getattr(self, name) for name in dir(type(self)) if is_tool(getattr(type(self), name)))


class _ModuleAdapter(Adapter):
    """The ``@tool`` functions of a module, served as they are; its variable ``concurrent`` counts as a class's does."""

    def __init__(self, module: ModuleType) -> None:
        self._module = module
        # Just True: in a module, the name may also stand for the standard library's package.
        self.concurrent = vars(module).get("concurrent") is True  # type: ignore[misc]

    def tools(self) -> list[Tool]:
        return _tools_of(m for m in vars(self._module).values() if inspect.isroutine(m) and is_tool(m))


def _tools_of(members: Iterable[Callable[..., Any]]) -> list[Tool]:
    found: dict[str, Tool] = {}
    for made in map(Tool, members):
        known = found.setdefault(made.name, made)
        if known.function != made.function:  # the same one under a second name is no second tool
            raise AdapterError(f"two tools are named {made.name!r}; give one of them another name: @tool(name=…)")
    return [found[name] for name in sorted(found)]


def load_adapter(name: str) -> Adapter:
    """Import the adapter ``"package.module:Class"`` or ``"package.module"`` and make an instance.

    A module alone stands for the one Adapter class it defines, or else for its ``@tool`` functions. Raises
    AdapterError when there is no such thing, and whatever the import raises.
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
        if isinstance(member, type) and issubclass(member, Adapter) and member.__module__ == module.__name__
    )
    classes = list(dict.fromkeys(own))  # one class under two names is one class
    if len(classes) == 1:
        return classes[0]()
    if classes:
        names = ", ".join(f"{module_name}:{found.__name__}" for found in classes)
        raise AdapterError(f"{module_name} defines several adapters; name one of them: {names}")
    adapter = _ModuleAdapter(module)
    if not adapter.tools():
        raise AdapterError(f"{module_name} defines no Adapter class and no function marked @tool")
    return adapter
