"""Tells from the stack whether code of an adapter runs, or code of the worker and of its event loop."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from types import CodeType, FrameType
from typing import Any, TypeVar

_Entry = TypeVar("_Entry", bound=Callable[..., Any])

_PACKAGE = __name__.partition(".")[0] + "."
# Modules of this package that count as the adapter's: the bundled adapters, and the Python wrapper around a tool in C.
_TOOL_CODE = (_PACKAGE + "adapters.", _PACKAGE + "tools.native")
_COROUTINE = inspect.CO_COROUTINE | inspect.CO_ASYNC_GENERATOR | inspect.CO_ITERABLE_COROUTINE

# Functions of this package that do nothing but call the adapter's code, or run it on the event loop.
_entries: set[CodeType] = set()
_loop_entries: set[CodeType] = set()


def calls_adapter(function: _Entry) -> _Entry:
    """Mark a function of this package: the code that it calls is the adapter's, unless that is of this package too."""
    _entries.add(function.__code__)
    return function


def runs_adapter_on_loop(function: _Entry) -> _Entry:
    """Mark a function in the same way, except that code of asyncio below it belongs to the worker's event loop."""
    _loop_entries.add(function.__code__)
    return function


def is_own_module(name: object) -> bool:
    """Tell whether a module, whose name is given, has code of this package that must not be interrupted."""
    module = str(name)
    return module.startswith(_PACKAGE) and not module.startswith(_TOOL_CODE)


def is_own(frame: FrameType) -> bool:
    """Tell whether a stack frame runs code of this package that must not be interrupted."""
    return is_own_module(frame.f_globals.get("__name__"))


def is_of_loop(frame: FrameType) -> bool:
    """Tell whether a stack frame runs code of asyncio."""
    return str(frame.f_globals.get("__name__")).partition(".")[0] in ("asyncio", "selectors")


def is_coroutine(frame: FrameType) -> bool:
    """Tell whether a stack frame runs a coroutine or an asynchronous generator."""
    return frame.f_code.co_flags & _COROUTINE != 0


def is_adapters(interrupted: FrameType | None) -> bool:
    """Tell whether the code that runs in a frame is the adapter's, so that an exception may be raised there."""
    is_in_coroutine = is_in_loop = False
    frame = interrupted
    while frame is not None:
        if is_own(frame):
            if frame is interrupted or frame.f_code in _entries:
                return frame is not interrupted
            return frame.f_code in _loop_entries and (is_in_coroutine or not is_in_loop)
        if is_of_loop(frame):
            is_in_loop = True
        elif not is_in_loop and is_coroutine(frame):
            is_in_coroutine = True
        frame = frame.f_back
    return True  # a thread of the adapter's that has forked this process
