"""Keeps the digits of decimals: JSON has one kind of number, and a float cannot hold the digits of a Decimal.

If a tool has a parameter that is annotated Decimal, all numbers with a fraction are read as Decimal, and those for the
other parameters become floats again.
"""

from __future__ import annotations

import typing
from typing import Any, cast

from ..originals.imported import imported_class
from .conversions import Conversion, is_decimal_class
from .hints import hints_of


def mentions_decimal(annotation: Any, seen: frozenset[Any] = frozenset()) -> bool:
    """Tell whether an annotation is Decimal, or has Decimal among its type arguments or the types of its fields."""
    if type(annotation) is typing.ForwardRef:  # as TypedDict keeps the annotations of a field that are text
        annotation = annotation.__forward_arg__
    if is_decimal_class(annotation) or (type(annotation) is str and "Decimal" in annotation):
        return True
    parts = list(typing.get_args(annotation))
    if isinstance(annotation, imported_class("dataclasses", "InitVar")):
        parts.append(getattr(annotation, "type"))  # noqa: B009  # its class is not known to the type checker
    kind = typing.get_origin(annotation) or annotation
    if isinstance(kind, type) and kind not in seen and getattr(kind, "__annotations__", None):
        seen |= {kind}
        parts += hints_of(kind).values()
    return any(mentions_decimal(part, seen) for part in parts)


def without_decimals(conversion: Conversion) -> Conversion:
    """Return a conversion that makes each Decimal in a value a float, and then applies ``conversion``."""
    return lambda value: conversion(_floats(value))


def _floats(value: Any) -> Any:
    if is_decimal_class(type(value)):
        return float(value)
    if type(value) is list:
        return [_floats(item) for item in cast("list[Any]", value)]
    if type(value) is dict:
        return {name: _floats(item) for name, item in cast("dict[str, Any]", value).items()}
    return value
