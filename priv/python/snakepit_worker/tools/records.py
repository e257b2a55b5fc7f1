"""Conversions of JSON objects to classes with fields: dataclasses, NamedTuples, TypedDicts and pydantic models."""

from __future__ import annotations

import dataclasses
import functools
import typing
from collections.abc import Callable, Mapping
from typing import Any

from .conversions import Conversion, Unfit, anything, made_by

ConversionOf = Callable[[Any], Conversion]


def record_conversion(annotation: Any, wanted: str, conversion_of: ConversionOf) -> Conversion | None:
    """Return the conversion to a class with fields, or None if ``annotation`` is no such class.

    ``conversion_of`` returns the conversion for the annotation of a field. It is called when the first value arrives,
    because a class may have itself as the type of a field.
    """
    if not isinstance(annotation, type):
        return None
    if typing.is_typeddict(annotation):
        required: frozenset[str] = annotation.__required_keys__  # pyright: ignore[reportAttributeAccessIssue]
        names = list(annotation.__annotations__)
        return _record(annotation, wanted, names, required, dict, conversion_of)
    if dataclasses.is_dataclass(annotation):
        fields = [field for field in dataclasses.fields(annotation) if field.init]
        missing = dataclasses.MISSING
        needed = [one.name for one in fields if one.default is missing and one.default_factory is missing]
        return _record(annotation, wanted, [one.name for one in fields], needed, annotation, conversion_of)
    if issubclass(annotation, tuple) and hasattr(annotation, "_fields"):
        names = list(annotation._fields)  # pyright: ignore[reportAttributeAccessIssue]
        defaults: Mapping[str, Any] = annotation._field_defaults  # pyright: ignore[reportAttributeAccessIssue]
        convert = _record(annotation, wanted, names, set(names) - set(defaults), annotation, conversion_of)
        # Python sends a NamedTuple as a list, which is therefore accepted too.
        return lambda value: convert(
            dict(zip(names, value, strict=True)) if type(value) is list and len(value) == len(names) else value
        )
    validate = getattr(annotation, "model_validate", None)
    if validate is not None and hasattr(annotation, "model_fields"):
        return made_by(validate, wanted)
    return None


def _record(
    annotation: type,
    wanted: str,
    names: list[str],
    required: typing.Collection[str],
    make: Callable[..., Any],
    conversion_of: ConversionOf,
) -> Conversion:
    construct = made_by(lambda values: make(**values), wanted)

    @functools.cache
    def conversions() -> dict[str, Conversion]:
        try:
            hints = typing.get_type_hints(annotation)
        except Exception:  # an annotation may be any expression
            hints = {}
        return {name: conversion_of(hints[name]) if name in hints else anything for name in names}

    def convert(value: Any) -> Any:
        if type(value) is not dict:
            raise Unfit(value, wanted)
        given: dict[str, Any] = value
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
