"""Recognises what calling a tool gives: a result, a coroutine, a generator or an asynchronous generator."""

from __future__ import annotations

import collections.abc
import inspect
import sys
import types
import typing
from collections.abc import Callable
from enum import Enum
from typing import Any

from .layers import MOST_LAYERS, below, layers_of, wrapped


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
        gives: Whether a call returns a result, a coroutine, a generator or an asynchronous generator.
        is_certain: False if only calling the tool shows what it gives, because a decorator with functools.wraps may
            return the coroutine or generator of the function that it wraps, or run it to its end.
        decorators: The tool's functions around the one that tells what it gives, from the outermost inwards.
    """

    __slots__ = ("_left", "decorators", "gives", "innermost", "is_certain")

    def __init__(self, tool: Callable[..., Any]) -> None:
        """Recognise a tool."""
        self.decorators: list[types.FunctionType] = []
        self._left = MOST_LAYERS
        self.gives, self.is_certain = self._recognised(tool)
        for innermost in layers_of(tool):
            self.innermost = innermost

    def _recognised(self, function: Any) -> tuple[Gives, bool]:
        """Return what calling ``function`` gives, and whether that is certain."""
        gives = _gives(function)
        self._left -= 1
        if gives is not Gives.RESULT or self._left <= 0:
            return gives, True
        if isinstance(function, types.FunctionType):
            self.decorators.append(function)
        called, inner = below(function), wrapped(function)
        if called is not None:
            found = self._recognised(called)
            if found[0] is not Gives.RESULT or inner is None:
                return found
        if inner is None:
            return gives, True
        # The function itself, or the __call__ of the object, is a decorator's.
        gives, _ = self._recognised(inner)
        return gives, gives is Gives.RESULT

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
