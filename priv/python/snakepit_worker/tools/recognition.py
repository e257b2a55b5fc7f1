"""Recognises what calling a tool gives: a result, a coroutine, a generator or an asynchronous generator."""

from __future__ import annotations

import collections.abc
import functools
import inspect
import sys
import types
import typing
from collections.abc import Callable
from enum import Enum
from typing import Any

_MOST_LAYERS = 100  # of decorators; a longer chain of __wrapped__ leads back to itself


class Gives(Enum):
    """What calling a function gives."""

    RESULT = "a result"
    COROUTINE = "a coroutine"
    GENERATOR = "a generator"
    ASYNC_GENERATOR = "an asynchronous generator"


_ANNOTATIONS: dict[Any, Gives] = {
    collections.abc.Iterator: Gives.GENERATOR,
    collections.abc.Generator: Gives.GENERATOR,
    collections.abc.AsyncIterator: Gives.ASYNC_GENERATOR,
    collections.abc.AsyncGenerator: Gives.ASYNC_GENERATOR,
    collections.abc.Awaitable: Gives.COROUTINE,
    collections.abc.Coroutine: Gives.COROUTINE,
}


class Recognised:
    """What is known about a tool before it is called.

    Attributes:
        innermost: The function below all partials, methods and decorators, which has the annotations and the docstring.
        gives: What calling the tool gives.
        is_certain: False if only calling the tool shows what it gives, because a decorator with functools.wraps may
            return the coroutine or generator of the function that it wraps, or run it to its end.
        decorators: The tool's functions around the one that tells what it gives, from the outermost inwards.
    """

    __slots__ = ("decorators", "gives", "innermost", "is_certain")

    def __init__(self, tool: Callable[..., Any]) -> None:
        """Recognise a tool."""
        function: Any = tool
        self.is_certain = True
        self.gives = Gives.RESULT
        self.decorators: list[types.FunctionType] = []
        for _ in range(_MOST_LAYERS):
            self.gives = _gives(function)
            if self.gives is not Gives.RESULT:
                break
            called = _below(function)
            if isinstance(function, types.FunctionType):
                self.decorators.append(function)
            if (wrapped := _wrapped(function)) is not None and (called is None or _gives(called) is Gives.RESULT):
                # The function itself, or the __call__ of the object, is a decorator's.
                if isinstance(called, types.FunctionType):
                    self.decorators.append(called)
                self.is_certain = False
                function = wrapped
            elif called is not None:
                function = called
            else:
                break
        self.is_certain = self.is_certain or self.gives is Gives.RESULT
        self.innermost = _innermost(function)

    def read_annotation(self, returns: Any) -> None:
        """Take the annotation of the result into account, if the function itself does not show what it gives."""
        if self.gives is Gives.RESULT:
            origin = typing.get_origin(returns) or returns
            found = next((gives for annotation, gives in _ANNOTATIONS.items() if origin is annotation), None)
            if found is not None:
                self.gives, self.is_certain = found, False


def _gives(function: Any) -> Gives:
    if inspect.isasyncgenfunction(function):
        return Gives.ASYNC_GENERATOR
    if inspect.iscoroutinefunction(function) or _is_marked_as_coroutine_function(function):
        return Gives.COROUTINE
    if inspect.isgeneratorfunction(function):
        code = getattr(function, "__code__", None)
        is_awaitable = code is not None and code.co_flags & inspect.CO_ITERABLE_COROUTINE  # see types.coroutine
        return Gives.COROUTINE if is_awaitable else Gives.GENERATOR
    return Gives.RESULT


def _is_marked_as_coroutine_function(function: Any) -> bool:
    """Tell whether asyncio's mark is set, with which libraries mark coroutine functions before Python 3.12."""
    coroutines = sys.modules.get("asyncio.coroutines")
    mark = getattr(coroutines, "_is_coroutine", None)
    return mark is not None and getattr(function, "_is_coroutine", None) is mark


def _wrapped(function: Any) -> Any:
    """Return what functools.wraps or functools.update_wrapper has noted that an object wraps, or None."""
    if isinstance(function, functools.partial) or type(function) in _TRANSPARENT:
        return None  # it calls something else, which is known for certain
    try:
        return getattr(function, "__wrapped__", None)
    except Exception:  # an object of the user's class may raise anything when it is asked for an attribute
        return None


_TRANSPARENT = (types.MethodType, staticmethod, classmethod)


def _below(function: Any) -> Any:
    """Return what calling ``function`` calls at once, or None if that cannot be known."""
    if isinstance(function, functools.partial):
        return function.func
    if type(function) in _TRANSPARENT:
        return function.__func__
    if isinstance(function, types.FunctionType | types.BuiltinFunctionType | type):
        return None
    call = inspect.getattr_static(function, "__call__", None)
    return call if isinstance(call, types.FunctionType) else None


def _innermost(function: Any) -> Any:
    for _ in range(_MOST_LAYERS):
        wrapped = _wrapped(function)
        inner = _below(function) if wrapped is None else wrapped
        if inner is None:
            break
        function = inner
    return function
