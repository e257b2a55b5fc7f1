"""Conversions: functions that make what a parameter's annotation names from a JSON value, or raise Unfit.

A conversion returns the value itself if nothing has to be converted. ``anything`` accepts every value as it is.
"""

from __future__ import annotations

import enum
import sys
from collections.abc import Callable, Collection
from typing import Any, TypeAlias, cast

from ..originals.imported import imported_class
from ..payloads.attached import Attached, advice_for, described_value
from ..payloads.descriptions import described
from ..payloads.limits import MAX_DEPTH
from ..payloads.paths import path_text
from ..process import forks
from ..process.forks import own

_PLAIN = (str, int, float, bool, type(None))
_NONE = object()
_DEEP = 100  # levels
_TOO_DEEP = (
    "it is nested too deeply: to make objects of it takes more Python calls inside each other than the recursion limit "
    "allows. Call sys.setrecursionlimit in the adapter to allow more, or leave out the annotation"
)
# How many calls may be inside each other: each level takes up to 5, and code of the adapter makes others.
_CALLS = 8 * MAX_DEPTH + 1_000

Conversion: TypeAlias = Callable[[Any], Any]


class Unfit(Exception):
    """A value does not fit an annotation. ``steps`` lead to the value, from the innermost container outwards."""

    def __init__(self, value: Any, wanted: str, reason: str = "") -> None:
        """Describe why ``value`` is not what is ``wanted``; the ``reason`` is needed if its type does not tell."""
        super().__init__(wanted, reason)
        self.value = value
        self.wanted = wanted
        self.reason = reason
        self.steps: list[str | int] = []
        self.is_by_recursion = False  # whether a RecursionError is the reason

    def message(self, parameter: str) -> str:
        """Return what is wrong with the value, which is the argument for ``parameter`` or lies inside it."""
        path = path_text([parameter, *reversed(self.steps)])
        reason = self.reason or advice_for(self.value)
        because = f": {reason}" if reason else ""
        return f"{path!r} must be {self.wanted}, got {described_value(self.value)}{because}"


def unfit_by(error: BaseException, value: Any, wanted: str) -> Unfit:
    """Return the Unfit that tells that code of the user's has raised ``error`` while ``value`` was converted."""
    forks.end_if_forked(error)
    if type(error) is MemoryError:
        raise error  # nothing is wrong with the value
    if type(error) is Unfit:
        # A frame of its traceback may keep the error, and both together the value, until Python looks for such circles.
        error.__traceback__ = None
        return error
    unfit = Unfit(value, wanted, _TOO_DEEP if is_too_deep(error, value) else described(error))
    unfit.is_by_recursion = type(error) is RecursionError
    return unfit


def is_too_deep(error: BaseException, value: Any) -> bool:
    """Tell whether the conversion of ``value`` has raised ``error`` because the value has so many levels."""
    return (error.is_by_recursion if type(error) is Unfit else type(error) is RecursionError) and _is_deep(value)


def allow_all_levels() -> None:
    """Raise Python's recursion limit, if it is lower, so that values of all levels can be converted.

    The usual limit ends a conversion after some 200 levels of objects. The limit holds for all threads. It is not
    lowered again, because Python aborts the process when a thread is beyond it.
    """
    if sys.getrecursionlimit() < _CALLS:
        sys.setrecursionlimit(_CALLS)


def _is_deep(value: Any) -> bool:
    """Tell whether a value has so many levels that it, and not the user's code, may have caused a RecursionError."""
    level = [value]
    for _ in range(_DEEP):
        level = [item for one in level for item in _items(one)]
    return bool(level)


def _items(value: Any) -> Collection[Any]:
    if type(value) is dict:
        return cast("dict[str, Any]", value).values()
    return cast("list[Any]", value) if type(value) is list else ()


def is_decimal_class(kind: Any) -> bool:
    """Tell whether ``kind`` is the class Decimal, without importing its module."""
    return kind is imported_class("decimal", "Decimal")


def attached(value: Any) -> Attached | None:
    """Return a value that is Attached, and None for one that JSON has."""
    return value if type(value) is Attached else None


def anything(value: Any) -> Any:
    """Accept every value."""
    return value


def exactly(kind: type, wanted: str) -> Conversion:
    """Return a conversion that accepts the values of one type, without its subclasses."""

    def convert(value: Any) -> Any:
        if type(value) is kind:
            return value
        raise Unfit(value, wanted)

    return convert


def to_float(value: Any) -> Any:
    """Accept a float, and convert an int if a float can hold all its digits."""
    if type(value) is float:
        if value - value == 0.0:
            return value
        raise Unfit(value, "float", "the number is too large for a float")
    if is_decimal_class(type(value)):  # see decimals.py
        return to_float(float(value))
    if type(value) is not int:
        found = attached(value)
        if found is not None and found.is_number and found.kind.family == "f":
            return found.native()
        raise Unfit(value, "float")
    try:
        converted = float(value)
    except OverflowError:
        raise Unfit(value, "float", "the number is too large for a float") from None
    if converted == value:
        return converted
    raise Unfit(value, "float", "a float cannot hold all its digits; send a double, or annotate the parameter as int")


def to_complex(value: Any) -> Any:
    """Accept a complex number, and make one of any other number."""
    found = attached(value)
    if found is not None and found.is_number:
        return complex(found.native())
    try:
        return complex(to_float(value))
    except Unfit as unfit:
        raise Unfit(value, "complex", unfit.reason) from None


def one_of(options: list[Conversion], wanted: str) -> Conversion:
    """Return the conversion of a union. An option that takes the value as it is comes before one that converts it."""

    def convert(value: Any) -> Any:
        converted: list[Any] = []
        deepest: Unfit | None = None
        for option in options:
            try:
                made = option(value)
            except Unfit as unfit:
                if deepest is None or len(unfit.steps) > len(deepest.steps) or (unfit.reason and not deepest.reason):
                    deepest = unfit
                continue
            if made is value:
                return value
            converted.append(made)
        if converted:
            return converted[0]
        if deepest is not None and (deepest.steps or deepest.reason):
            raise deepest
        raise Unfit(value, wanted)

    return convert


def literal(options: tuple[Any, ...], wanted: str) -> Conversion:
    """Return the conversion of a Literal: the options are JSON values, or members of an Enum by value or name."""
    by_value = [(option, option if type(option) in _PLAIN else getattr(option, "_value_", _NONE)) for option in options]
    by_name = {option._name_: option for option in options if isinstance(option, enum.Enum)}

    def convert(value: Any) -> Any:
        if type(value) in _PLAIN:
            for option, stored in by_value:
                if type(value) is type(stored) and value == stored:
                    return option
            if value in by_name:
                return by_name[value]
        raise Unfit(value, wanted)

    return convert


def made_by(make: Callable[[Any], Any], wanted: str) -> Conversion:
    """Return a conversion that calls ``make``, which may be the user's code and raise anything."""

    def convert(value: Any) -> Any:
        try:
            made = make(value)
        except BaseException as error:
            raise unfit_by(error, value, wanted) from None
        if not own[0]:
            forks.leave()  # the tool must not run in this process too
        return made

    return convert
