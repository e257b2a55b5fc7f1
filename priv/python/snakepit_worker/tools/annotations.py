"""Chooses the conversion of JSON values for a type annotation.

An annotation whose values JSON cannot carry, such as an arbitrary class of the user's, accepts every value as it is,
because only the tool knows how to convert a JSON value to an object of that class.
"""

from __future__ import annotations

import collections
import enum
import functools
import types
import typing
from collections.abc import Callable
from typing import Any

from ..payloads.descriptions import class_name, shown
from .containers import dict_of, key_of, list_of, tuple_of
from .conversions import Conversion, Unfit, anything, exactly, literal, made_by, one_of, to_float
from .records import record_conversion
from .texts import text_conversion

_LISTS = ("list", "Sequence", "MutableSequence", "Iterable", "Collection", "Container", "Reversible")
_SETS = ("set", "Set", "MutableSet")
_DICTS: dict[str, Callable[[Any], Any]] = {
    **dict.fromkeys(("dict", "Mapping", "MutableMapping"), dict),
    "OrderedDict": collections.OrderedDict,
}
_FACTORIES = (int, float, str, bool, list, dict, set)
_MODULES = ("builtins", "collections", "collections.abc", "typing")
_UNCHECKED = (Any, object)
_WRAPPERS = (typing.Annotated, typing.Required, typing.NotRequired, typing.Final, typing.ClassVar)


def describe(annotation: Any) -> str:
    """Return an annotation as it is written in Python source code."""
    if annotation is type(None):
        return "None"
    if isinstance(annotation, str):
        return annotation
    if isinstance(annotation, type) and not typing.get_args(annotation):
        return class_name(annotation)
    try:
        return str(annotation).replace("typing.", "").replace("collections.abc.", "")
    except BaseException:  # an annotation may be any object, and its __str__ the user's code
        return shown(annotation)


def conversion_of(annotation: Any) -> Conversion:
    """Return the conversion that makes what ``annotation`` names from a JSON value, or raises Unfit."""
    if annotation is None or annotation is type(None):
        return exactly(type(None), "None")
    origin = typing.get_origin(annotation) or annotation
    arguments = typing.get_args(annotation)
    wanted = describe(annotation)
    if origin is typing.Union or origin is types.UnionType:
        return _union(arguments, wanted)
    if origin is typing.Literal:
        return literal(arguments, wanted)
    if any(origin is wrapper for wrapper in _WRAPPERS):
        return conversion_of(arguments[0]) if arguments else anything
    if isinstance(annotation, typing.NewType):
        return conversion_of(annotation.__supertype__)
    if isinstance(annotation, typing.TypeVar):
        return conversion_of(annotation.__bound__) if annotation.__bound__ is not None else anything
    if not _is_hashable(origin):
        return anything
    if origin in _SCALARS:
        return _SCALARS[origin]
    found = text_conversion(origin, wanted) or _container(origin, arguments, wanted)
    if found is None and isinstance(origin, type):
        found = _enumeration(origin, wanted) or record_conversion(origin, wanted, conversion_of)
    return found or anything


def _union(arguments: tuple[Any, ...], wanted: str) -> Conversion:
    options = [conversion_of(option) for option in arguments]
    return anything if anything in options else one_of(options, wanted)


def _container(origin: Any, arguments: tuple[Any, ...], wanted: str) -> Conversion | None:
    name = getattr(origin, "__name__", "")
    if getattr(origin, "__module__", "") not in _MODULES:
        return None
    if name == "tuple" and arguments[1:] != (Ellipsis,) and _has_arguments(arguments, wanted):
        return tuple_of([conversion_of(option) for option in arguments], wanted)
    item = arguments[0] if arguments else Any
    scalar = item if item in (int, float, str, bool) else None
    if name in _LISTS:
        return list_of(conversion_of(item), wanted, scalar)
    make = _MAKERS.get(name)
    if make is not None:
        return list_of(conversion_of(item), wanted, scalar, make)
    if name in _DICTS:
        return _dict(_DICTS[name], arguments, wanted)
    if name == "Counter":
        return _dict(collections.Counter, (*arguments, int) if arguments else (), wanted)
    if name == "defaultdict":
        factory = typing.get_origin(arguments[1]) or arguments[1] if arguments else None
        make_item = factory if factory in _FACTORIES else None
        return _dict(functools.partial(collections.defaultdict[Any, Any], make_item), arguments, wanted)
    return None


def _dict(make: Callable[[Any], Any], arguments: tuple[Any, ...], wanted: str) -> Conversion:
    key, item = arguments or (str, Any)
    scalar = item if item in (int, float, str, bool) else None
    return dict_of(key_of(key, conversion_of(key), describe(key)), conversion_of(item), wanted, scalar, make)


def _has_arguments(arguments: tuple[Any, ...], wanted: str) -> bool:
    return bool(arguments) or wanted.endswith("[()]")  # tuple[()] is the annotation of the empty tuple


_MAKERS: dict[str, Callable[[Any], Any]] = {
    "tuple": tuple,
    "deque": collections.deque,
    "frozenset": frozenset,
    **dict.fromkeys(_SETS, set),
}


def _enumeration(kind: type, wanted: str) -> Conversion | None:
    if not issubclass(kind, enum.Enum):
        return None
    by_value = made_by(kind, wanted)
    members = literal(tuple(kind), wanted)
    is_flag = issubclass(kind, enum.Flag)

    def convert(value: Any) -> Any:
        try:
            return members(value)
        except Unfit:
            if is_flag and type(value) is int:  # a combination of flags is no member of its own
                return by_value(value)
            raise

    return convert


def _is_hashable(annotation: Any) -> bool:
    try:
        hash(annotation)
    except Exception:  # an annotation may be any object, and its __hash__ the user's code
        return False
    return True


_SCALARS: dict[Any, Conversion] = {
    int: exactly(int, "int"),
    float: to_float,
    str: exactly(str, "str"),
    bool: exactly(bool, "bool"),
    **dict.fromkeys(_UNCHECKED, anything),
}
