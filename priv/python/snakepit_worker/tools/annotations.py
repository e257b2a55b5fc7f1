"""Checks JSON values against type annotations.

Only annotations that JSON can express are checked. Any other annotation, such as a class of the user's, accepts every
value, because only the tool knows how to convert a JSON value to an object of that class.
"""

from __future__ import annotations

import types
import typing
from collections.abc import Callable
from typing import Any, cast

Check = Callable[[Any], bool]

_LISTS = ("list", "tuple", "Sequence", "MutableSequence", "Iterable", "Collection")
_DICTS = ("dict", "Mapping", "MutableMapping")


def describe(annotation: Any) -> str:
    """Return an annotation as it is written in Python source code."""
    if annotation is type(None):
        return "None"
    if isinstance(annotation, str):
        return annotation
    if isinstance(annotation, type) and not typing.get_args(annotation):
        return annotation.__name__ if annotation.__module__ == "builtins" else annotation.__qualname__
    return str(annotation).replace("typing.", "").replace("collections.abc.", "")


def check_of(annotation: Any) -> Check:
    """Return a function that tells whether a JSON value is acceptable for ``annotation``."""
    if annotation is None or annotation is type(None):
        return lambda value: value is None
    origin = typing.get_origin(annotation) or annotation
    arguments = typing.get_args(annotation)
    if origin in (typing.Union, types.UnionType):
        return _any_of([check_of(option) for option in arguments])
    if origin is typing.Literal:
        return lambda value: any(value == option and type(value) is type(option) for option in arguments)
    if origin is typing.Annotated:
        return check_of(arguments[0])
    if origin in _SCALARS:
        return _SCALARS[origin]
    return _check_of_container(getattr(origin, "__name__", ""), getattr(origin, "__module__", ""), arguments)


def _check_of_container(name: str, module: str, arguments: tuple[Any, ...]) -> Check:
    if module not in ("builtins", "collections.abc", "typing"):
        return _anything
    if name in _LISTS:
        items = [option for option in arguments if option is not Ellipsis]
        # An annotation without an item type accepts any list. So does the annotation of a tuple of fixed length: the
        # tool must check the length and the items itself.
        return _list_of(check_of(items[0]) if len(items) == 1 else _anything)
    if name in _DICTS:
        return _dict_of(check_of(arguments[1]) if len(arguments) == 2 else _anything)  # noqa: PLR2004
    return _anything


def _list_of(item: Check) -> Check:
    def check(value: Any) -> bool:
        return isinstance(value, list) and (item is _anything or all(map(item, cast("list[Any]", value))))

    return check


def _dict_of(item: Check) -> Check:
    def check(value: Any) -> bool:
        return isinstance(value, dict) and (item is _anything or all(map(item, cast("dict[str, Any]", value).values())))

    return check


def _any_of(options: list[Check]) -> Check:
    def check(value: Any) -> bool:
        return any(option(value) for option in options)

    return check


def _anything(_: Any) -> bool:
    return True


def _is_int(value: Any) -> bool:
    return type(value) is int


def _is_float(value: Any) -> bool:
    return type(value) is float or type(value) is int


def _is_str(value: Any) -> bool:
    return type(value) is str


def _is_bool(value: Any) -> bool:
    return type(value) is bool


_SCALARS: dict[Any, Check] = {
    int: _is_int,
    float: _is_float,
    str: _is_str,
    bool: _is_bool,
    Any: _anything,
    object: _anything,
}
