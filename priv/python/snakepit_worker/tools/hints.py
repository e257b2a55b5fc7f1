"""Reads the type annotations of functions and classes."""

from __future__ import annotations

import sys
import types
import typing
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from ..process import forks


def hints_of(annotated: Callable[..., Any] | type) -> dict[str, Any]:
    """Return the annotations of a function itself, or those of a class and its base classes.

    An annotation that cannot be resolved stays text, and its values are not checked. For example, a name that is
    imported for the type checker only cannot be resolved at run time.
    """
    try:
        return typing.get_type_hints(annotated)
    except (RecursionError, MemoryError):
        raise  # nothing is wrong with the annotations
    except BaseException as error:  # an annotation may be any expression
        forks.end_if_forked(error)
    found: dict[str, Any] = {}
    for given, names, own in _places(annotated):
        found |= {name: resolved(hint, names, own) for name, hint in given.items()}
    return found


def field_hints(kind: type, arguments: Sequence[Any]) -> dict[str, Any]:
    """Return the annotations of the fields of a class, with the types that ``kind[arguments]`` gives to its parameters.

    For example, the field ``value: T`` of ``Box[float]`` has the type ``float``.
    """
    hints = hints_of(kind)
    given = dict(_parameters(kind, arguments))
    if not any(given.values()):
        return hints
    owners = {name: base for base in reversed(kind.__mro__) for name in vars(base).get("__annotations__", {})}
    return {name: _substituted(hint, given.get(owners.get(name, kind), {})) for name, hint in hints.items()}


def _places(annotated: Any) -> Iterator[tuple[dict[str, Any], dict[str, Any], dict[str, Any]]]:
    """Yield annotations, and the global and local names that they may use."""
    if isinstance(annotated, type):
        for base in reversed(annotated.__mro__):
            module = typing.cast("Any", sys.modules.get(base.__module__))
            yield vars(base).get("__annotations__", {}), getattr(module, "__dict__", {}), dict(vars(base))
    elif isinstance(given := getattr(annotated, "__annotations__", None), dict):  # C functions have none
        yield typing.cast("dict[str, Any]", given), getattr(annotated, "__globals__", {}), {}


def resolved(annotation: Any, names: dict[str, Any], own: dict[str, Any]) -> Any:
    """Return what an annotation stands for where these global and own names are known, or the annotation itself."""
    alone = types.SimpleNamespace(__annotations__={"it": annotation})
    try:
        return typing.get_type_hints(alone, names, own)["it"]
    except (RecursionError, MemoryError):
        raise
    except BaseException as error:  # an annotation may be any expression
        forks.end_if_forked(error)
        return annotation


def _parameters(kind: type, arguments: Sequence[Any]) -> Iterator[tuple[type, dict[Any, Any]]]:
    """Yield a class and its generic base classes, each with the types of its type parameters."""
    given = dict(zip(getattr(kind, "__parameters__", ()), arguments, strict=False))
    yield kind, given
    for base in _members(kind).get("__orig_bases__", ()):
        origin = typing.get_origin(base)
        if isinstance(origin, type):
            yield from _parameters(origin, [_substituted(one, given) for one in typing.get_args(base)])


def _members(kind: type) -> dict[str, Any]:
    return dict(vars(kind))


def _substituted(hint: Any, given: Mapping[Any, Any]) -> Any:
    if isinstance(hint, typing.TypeVar):
        return given.get(hint, hint)
    generic = typing.cast("Any", None if isinstance(hint, type) else hint)
    parameters: tuple[Any, ...] = getattr(generic, "__parameters__", ())
    return generic[tuple(given.get(one, one) for one in parameters)] if parameters and given else hint
