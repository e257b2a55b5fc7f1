"""Looks at what a tool is made of: partials, bound methods, decorators and callable objects around a function."""

from __future__ import annotations

import functools
import inspect
import types
from collections.abc import Iterator
from typing import Any, cast

MOST_LAYERS = 100  # a longer chain of __wrapped__ leads back to itself
_TRANSPARENT = (types.MethodType, staticmethod, classmethod)
_AROUND = (functools.partial, functools.partialmethod, functools.singledispatchmethod)
_C_CALLS = (types.WrapperDescriptorType, types.MethodDescriptorType, types.BuiltinFunctionType)
_PASSES_ALL = inspect.CO_VARARGS | inspect.CO_VARKEYWORDS


def wrapped(function: Any) -> Any:
    """Return what functools.wraps or functools.update_wrapper has noted that an object wraps, or None."""
    if isinstance(function, functools.partial) or type(function) in _TRANSPARENT:
        return None  # a call runs what it was made from, whatever its __wrapped__ says
    return _attribute(function, "__wrapped__")


def below(function: Any) -> Any:
    """Return what calling ``function`` calls at once, or None if that cannot be known."""
    if isinstance(function, _AROUND):
        return function.func
    if type(function) in _TRANSPARENT:
        return function.__func__
    if isinstance(function, types.FunctionType | types.BuiltinFunctionType | type):
        return None
    kind = cast("Any", type(function))  # Python calls no __call__ of the object itself
    call = inspect.getattr_static(kind, "__call__", None)
    return None if call is None or isinstance(call, _C_CALLS) else call


def layers_of(tool: Any) -> Iterator[Any]:
    """Yield a tool, and what it is around, down to the function that has the annotations."""
    for _ in range(MOST_LAYERS):
        yield tool
        inner = wrapped(tool)
        inner = below(tool) if inner is None else inner
        if inner is None:
            return
        tool = inner


def decorators_of(tool: Any) -> list[str]:
    """Return the names of the decorators for which Python reads the parameters of ``tool`` from a function below them.

    Those of the standard library are left out, because they pass all arguments on.
    """
    names: list[str] = []
    for layer in layers_of(tool):
        if _attribute(layer, "__signature__") is not None:
            break  # Python looks no deeper
        if wrapped(layer) is None:
            continue
        if isinstance(layer, types.FunctionType):
            module, name = layer.__globals__.get("__name__"), layer.__code__.co_qualname.partition(".<locals>")[0]
        else:
            module, name = type(layer).__module__, type(layer).__qualname__
        if module not in ("functools", "contextlib"):
            names.append(name)
    return names


def docstring_of(tool: Any) -> str:
    """Return the docstring of the outermost layer that has one of its own, else the one that a method inherits.

    The docstring of a class is not that of its objects: it tells what a decorator does, or what a partial is.
    """
    innermost = tool
    for layer in layers_of(tool):
        text, text_of_class = _attribute(layer, "__doc__"), _attribute(type(layer), "__doc__")
        is_own = type(text_of_class) is not str or text != text_of_class
        if type(text) is str and text.strip() and is_own:
            return inspect.cleandoc(text)
        innermost = layer
    # Every class inherits methods of object and type, such as __call__.
    if not isinstance(innermost, types.FunctionType) or hasattr(type, innermost.__name__):
        return ""
    return inspect.getdoc(innermost) or ""


def chooses_by_position(tool: Any) -> bool:
    """Tell whether a tool passes its arguments on by name to a function of functools.singledispatch."""
    for layer in layers_of(tool):
        called = layer if isinstance(layer, types.FunctionType) else below(layer)
        if type(layer) is types.MethodType or (isinstance(layer, functools.partial) and layer.args):
            return False  # it passes an argument without a name
        if isinstance(called, types.FunctionType) and not isinstance(layer, functools.partial):
            if called.__globals__.get("__name__") == "functools" and called.__code__.co_qualname.startswith(
                "singledispatch."
            ):
                return True
            if called.__code__.co_flags & _PASSES_ALL != _PASSES_ALL:
                return False
    return False


def _attribute(found: Any, name: str) -> Any:
    try:
        return getattr(found, name, None)
    except Exception:  # an object of the user's class may raise anything when it is asked for an attribute
        return None
