"""Conversions of JSON objects to classes with fields: dataclasses, NamedTuples, TypedDicts and pydantic models."""

from __future__ import annotations

import functools
import sys
import typing
from collections.abc import Callable, Sequence
from typing import Any, cast

from .containers import rows_of
from .conversions import Conversion, Unfit, anything, made_by
from .hints import field_hints

ConversionOf = Callable[[Any], Conversion]
Hints = Callable[[], dict[str, Any]]


def record_conversion(
    annotation: Any, arguments: Sequence[Any], wanted: str, conversion_of: ConversionOf
) -> Conversion | None:
    """Return the conversion to a class with fields, or None if ``annotation`` is no such class.

    A generic class has type ``arguments``: ``Box[float]`` is the class ``Box`` with ``float``. ``conversion_of``
    returns the conversion for the annotation of a field. It is called when the first value arrives, because a class may
    have itself as the type of a field.
    """
    if not isinstance(annotation, type):
        return None
    kind = cast("Any", annotation)  # the checks below do not narrow Any
    hints = functools.partial(field_hints, kind, arguments)
    if typing.is_typeddict(annotation):
        return _record(hints, wanted, list(kind.__annotations__), kind.__required_keys__, dict, conversion_of)
    dataclasses: Any = sys.modules.get("dataclasses")  # which whoever made a dataclass has imported
    if dataclasses is not None and dataclasses.is_dataclass(annotation):
        fields = [field for field in kind.__dataclass_fields__.values() if field.init and _is_argument(field)]
        missing = dataclasses.MISSING
        needed = [one.name for one in fields if one.default is missing and one.default_factory is missing]
        return _record(hints, wanted, [one.name for one in fields], needed, kind, conversion_of)
    if issubclass(annotation, tuple) and hasattr(kind, "_fields"):
        return _named_tuple(kind, hints, wanted, conversion_of)
    validate = _validate_of(kind)
    if validate is not None:
        unchecked = conversion_of(Any)  # the model converts what is in the value itself
        return made_by(validate if unchecked is anything else lambda value: validate(unchecked(value)), wanted)
    return None


def _is_argument(field: Any) -> bool:
    """Tell whether the constructor of a dataclass takes this: a field or an InitVar, but no variable of the class."""
    return getattr(field, "_field_type", None) is not vars(sys.modules["dataclasses"])["_FIELD_CLASSVAR"]


def _validate_of(kind: Any) -> Callable[[Any], Any] | None:
    """Return what makes a model of pydantic from a dict, or None for other classes."""
    if hasattr(kind, "model_validate") and hasattr(kind, "model_fields"):
        return kind.model_validate
    if hasattr(kind, "parse_obj") and hasattr(kind, "__fields__"):  # pydantic before version 2
        return kind.parse_obj
    return None


def _named_tuple(kind: Any, hints: Hints, wanted: str, conversion_of: ConversionOf) -> Conversion:
    names: list[str] = list(kind._fields)
    required = set(names) - set(kind._field_defaults)
    convert = _record(hints, wanted, names, required, kind, conversion_of)

    def convert_list(value: Any) -> Any:
        # Python sends a NamedTuple as a list, which is therefore accepted too.
        if type(value) is not dict:
            items = rows_of(value, wanted)
            if len(items) == len(names):
                return convert(dict(zip(names, items, strict=True)))
        return convert(value)

    return convert_list


def _record(
    hints: Hints,
    wanted: str,
    names: list[str],
    required: typing.Collection[str],
    make: Callable[..., Any],
    conversion_of: ConversionOf,
) -> Conversion:
    construct = made_by(lambda values: make(**values), wanted)

    @functools.cache
    def conversions() -> dict[str, Conversion]:
        types = hints()
        return {name: conversion_of(types.get(name, Any)) for name in names}

    def convert(value: Any) -> Any:
        if type(value) is not dict:
            raise Unfit(value, wanted)
        given = cast("dict[str, Any]", value)
        faults = [f"missing {name!r}" for name in names if name in required and name not in given]
        faults += [f"unexpected {name!r}" for name in given if name not in names]
        if faults:
            raise Unfit(given, wanted, "; ".join(faults[:5]))
        return construct({name: _field(name, conversions()[name], one) for name, one in given.items()})

    return convert


def _field(name: str, convert: Conversion, value: Any) -> Any:
    try:
        return convert(value)
    except Unfit as unfit:
        unfit.steps.append(name)
        raise
