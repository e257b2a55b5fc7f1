"""Tells from the code of a decorator whether it runs an event loop of its own, for example with asyncio.run.

Such a decorator makes an ``async def`` function a plain one, and works only where no event loop runs. Any other one may
need the running loop, for example to make a task.
"""

from __future__ import annotations

import inspect
from collections.abc import Iterable, Iterator
from types import CodeType, FunctionType, ModuleType
from typing import Any

_LIBRARIES = ("asyncio", "anyio", "trio", "uvloop", "asgiref")
_ENTRIES = ("run", "Runner", "AsyncToSync", "async_to_sync")  # what these libraries call it
_METHODS = frozenset({"run_until_complete", "run_forever"})
_MOST_FUNCTIONS = 200


def run_own_loop(decorators: Iterable[FunctionType]) -> bool:
    """Tell whether one of these functions, or a function of the user's that it calls, runs an event loop."""
    waiting = list(decorators)
    seen: set[int] = set()
    while waiting and len(seen) < _MOST_FUNCTIONS:
        function = waiting.pop()
        if id(function) in seen:
            continue
        seen.add(id(function))
        names = set(_names(function.__code__))
        if not names.isdisjoint(_METHODS):
            return True
        for called in _called(function, names):
            if _is_entry(called) or _is_entry(type(called)):
                return True
            if type(called) is FunctionType and not inspect.iscoroutinefunction(called):
                waiting.append(called)
    return False


def _names(code: CodeType) -> Iterator[str]:
    """Yield the names that code uses, also in plain functions inside of it. Coroutines run on the loop in any case."""
    yield from code.co_names
    yield from code.co_freevars
    for constant in code.co_consts:
        if isinstance(constant, CodeType) and not constant.co_flags & inspect.CO_COROUTINE:
            yield from _names(constant)


def _called(function: FunctionType, names: set[str]) -> Iterator[Any]:
    """Yield the objects that a function can reach by its names: its variables, and what lies in its modules."""
    variables = {name: function.__globals__[name] for name in names if name in function.__globals__}
    for name, cell in zip(function.__code__.co_freevars, function.__closure__ or (), strict=True):
        try:
            variables[name] = cell.cell_contents
        except ValueError:
            continue  # a variable that has no value yet
    for value in variables.values():
        if type(value) is ModuleType:
            yield from (vars(value)[name] for name in names if name in vars(value))
        else:
            yield value


def _is_entry(called: Any) -> bool:
    """Tell whether an object is a function or class of a library that runs event loops, and runs one."""
    try:
        return called.__name__ in _ENTRIES and called.__module__.partition(".")[0] in _LIBRARIES
    except Exception:  # an object of the user's class may raise anything when it is asked for an attribute
        return False
