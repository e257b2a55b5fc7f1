"""Conversions of lists and dicts, and of what lies inside them.

A container is copied only if something in it has to be converted. Lists of numbers or texts are checked without
calling a function for each item.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from typing import Any, cast

from ..payloads.attached import native
from ..payloads.descriptions import shown
from ..payloads.limits import excess_of
from ..process import forks
from ..process.forks import own
from .conversions import Conversion, Unfit, anything, attached, to_float, unfit_by


def list_of(item: Conversion, wanted: str, scalar: type | None = None, make: Callable[[Any], Any] = list) -> Conversion:
    """Return the conversion of a JSON array: ``item`` converts its items, and ``make`` makes the wanted container.

    If ``scalar`` is the type of the items, a list that has no others is accepted without looking at each of them.
    """
    fits_already = _only_floats if scalar is float else _only(scalar) if scalar is not None else _never

    def convert(value: Any) -> Any:
        items = cast("list[Any]", value) if type(value) is list else rows_of(value, wanted, item)
        if item is not anything and not fits_already(items):
            items = _each(item, items)
        if make is list:
            return items
        made = _filled(make, items, value, wanted)
        if len(made) != len(items):
            raise Unfit(value, wanted, "an item is there twice")
        return made

    return convert


def tuple_of(items: list[Conversion], wanted: str) -> Conversion:
    """Return the conversion of a tuple of fixed length."""

    def convert(value: Any) -> Any:
        values = cast("list[Any]", value) if type(value) is list else rows_of(value, wanted)
        if len(values) != len(items):
            raise Unfit(value, wanted, f"it has {len(values):,} items instead of {len(items)}")
        return tuple(_at(index, convert_item, values[index]) for index, convert_item in enumerate(items))

    return convert


def rows_of(value: Any, wanted: str, item: Conversion = anything) -> list[Any]:
    """Return the items of a list or an array, which the caller converts by ``item``. Raises Unfit for other values."""
    if type(value) is list:
        return cast("list[Any]", value)
    found = attached(value)
    if found is None or not found.is_array:
        raise Unfit(value, wanted)
    return found.native() if item is native else found.rows()


def dict_of(
    key: Conversion, item: Conversion, wanted: str, scalar: type | None = None, make: Callable[[Any], Any] = dict
) -> Conversion:
    """Return the conversion of a JSON object: ``key`` converts its names, which are text, and ``item`` the values."""
    fits_already = _only_floats if scalar is float else _only(scalar) if scalar is not None else _never

    def convert(value: Any) -> Any:
        if type(value) is not dict:
            raise Unfit(value, wanted)
        entries = cast("dict[Any, Any]", value)
        if item is not anything and not fits_already(entries.values()):
            converted = {name: _at(name, item, one) for name, one in entries.items()}
            if any(converted[name] is not one for name, one in entries.items()):
                entries = converted
        if key is not anything:
            entries = _with_keys(key, entries, wanted)
        return entries if make is dict else _filled(make, entries, entries, wanted)

    return convert


def _filled(make: Callable[[Any], Any], content: Any, value: Any, wanted: str) -> Any:
    """Return the container that ``make`` makes of ``content``, which is what ``value`` has; raises Unfit."""
    try:
        made = make(content)  # it may ask each item or key for its hash, and whether it equals another
    except BaseException as error:
        raise unfit_by(error, value, wanted) from None
    if not own[0]:
        forks.leave()
    return made


def _with_keys(key: Conversion, entries: dict[Any, Any], wanted: str) -> dict[Any, Any]:
    converted: dict[Any, Any] = {}
    for name, value in entries.items():
        made = _at(name, key, name)
        try:  # the key may be of a class of the user's
            is_twice = made in converted
            converted[made] = value
        except BaseException as error:
            unfit = unfit_by(error, name, f"a key of {wanted}")
            unfit.steps.append(name)
            raise unfit from None
        if not own[0]:
            forks.leave()
        if is_twice:
            raise Unfit(entries, wanted, f"two of its keys are converted to the same key, {shown(made)}")
    return converted


def _each(item: Conversion, values: list[Any]) -> list[Any]:
    converted = [_at(index, item, value) for index, value in enumerate(values)]
    is_same = all(made is value for made, value in zip(converted, values, strict=True))
    return values if is_same else converted


def _at(step: str | int, convert: Conversion, value: Any) -> Any:
    try:
        return convert(value)
    except Unfit as unfit:
        unfit.steps.append(step)
        raise


def _only(kind: type) -> Callable[[Any], bool]:
    return lambda values: set(map(type, values)) <= {kind}


def _only_floats(values: Any) -> bool:
    # The sum of finite floats may be infinite, but a sum with an infinite one is never finite.
    return set(map(type, values)) <= {float} and math.isfinite(sum(values))


def _never(_: Any) -> bool:
    return False


def key_of(annotation: Any, convert: Conversion, wanted: str) -> Conversion:
    """Return the conversion of a dict's keys, which JSON has as text, to the type of ``annotation``."""
    read = _KEYS.get(annotation)
    if read is None:
        return anything if annotation in (Any, object, str) else convert

    def read_key(name: Any) -> Any:
        try:
            return read(name)
        except (ValueError, KeyError):
            raise Unfit(name, wanted, "the key is a text that is no such value") from None

    return read_key


def _int_of(name: str) -> int:
    if name.lstrip("-").isdecimal() and (reason := excess_of(name)):
        raise Unfit(name, "int", reason)
    value = int(name)
    if str(value) != name:
        raise ValueError(name)  # int() accepts other texts too, such as " 1" and "1_000"
    return value


_NUMBER = r"[-+]?(\d+(\.\d*)?|\.\d+)([eE][-+]?\d+)?"  # float() accepts other texts too, such as " 1", "1_000" and "nan"


def _float_of(name: str) -> float:
    if re.fullmatch(_NUMBER, name, re.ASCII) is None:
        raise ValueError(name)
    value = to_float(float(name))
    if value.is_integer() and name.lstrip("-+").isdigit():
        to_float(int(name))  # refuses an integer whose digits the float has lost
    return value


_KEYS: dict[Any, Callable[[str], Any]] = {
    int: _int_of,
    float: _float_of,
    bool: {"true": True, "false": False, "True": True, "False": False}.__getitem__,
    type(None): {"null": None}.__getitem__,
}
