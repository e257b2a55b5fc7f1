"""Finds what is written of a value whose class JSON does not have."""

from __future__ import annotations

import datetime
import enum
import sys
from collections import deque
from collections.abc import Callable
from typing import Any, cast

from ..originals.imported import imported_class
from . import arrays
from .arrays import Unsendable
from .attached import Attached, attached_number
from .kinds import BYTES

_DICT: dict[str, int] = {}
_LISTS: Any = (set, frozenset, deque, range, type(_DICT.keys()), type(_DICT.values()), type(_DICT.items()))
_MICROSECOND = datetime.timedelta(microseconds=1)
_LONGEST_SPAN = 2**63 // 10  # microseconds: a TimeSpan of .NET counts steps of 0.1 microseconds in 64 bits


# The classes whose values are often sent as a whole, beside the JSON. That of numpy is added with its first array.
whole_classes: set[type] = {bytes, bytearray, memoryview}


class Digits(str):
    """A number as its digits, which are written without quotation marks."""

    __slots__ = ()


def substitute(value: Any) -> Any:
    """Return what is written instead of ``value``: a value that JSON has, Digits, or what is Attached.

    What is returned may have such values in it again, or be another one itself. Raises Unsendable if nothing can be
    sent, and whatever the user's class raises when it is read.
    """
    kind: Any = cast("Any", type(value))
    for known, convert in _BUILT_IN:
        if issubclass(kind, known):
            return convert(value)
    for module, name, convert in _IMPORTED:
        if issubclass(kind, imported_class(module, name)):
            return convert(value)
    if hasattr(kind, "__dataclass_fields__"):
        fields_of = sys.modules["dataclasses"].fields  # which whoever made the class has imported
        return {field.name: getattr(value, field.name) for field in fields_of(value)}
    if hasattr(kind, "model_dump") and hasattr(kind, "model_fields"):  # a model of pydantic, see tools/records.py
        return value.model_dump()
    if hasattr(kind, "parse_obj") and hasattr(kind, "__fields__"):  # a model of pydantic before version 2
        return value.dict()
    raise Unsendable(_reason(kind))


def whole(value: Any) -> Attached | None:
    """Return what is sent of bytes or an array of numpy, which need no encoder, and None for any other value."""
    if isinstance(value, ndarray := imported_class("numpy", "ndarray")):
        whole_classes.add(ndarray)
        found = arrays.of_ndarray(value)
    elif isinstance(value, (bytes, bytearray, memoryview)):
        found = substitute(value)
    else:
        return None
    return found if type(found) is Attached else None


def _bytes(value: bytes | bytearray) -> Attached:
    return Attached(BYTES, (), value)


def _iso(value: datetime.date | datetime.time) -> str:
    text = value.isoformat()
    if issubclass(type(value), datetime.datetime) and text.endswith("+00:00"):
        # .NET reads Z as UTC, and any offset as a time of the zone in which its program runs.
        return text[: -len("+00:00")] + "Z"
    return text


def _time_span(value: datetime.timedelta) -> str:
    """Return a duration as .NET writes a TimeSpan, which tools/texts.py reads."""
    microseconds = value // _MICROSECOND
    if abs(microseconds) > _LONGEST_SPAN:
        raise Unsendable("a TimeSpan of .NET cannot hold more than 10,675,199 days; it.total_seconds() makes a float")
    seconds, fraction = divmod(abs(microseconds), 1_000_000)
    minutes, seconds = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    days, hours = divmod(hours, 24)
    before = ("-" if microseconds < 0 else "") + (f"{days}." if days else "")
    return f"{before}{hours:02}:{minutes:02}:{seconds:02}" + (f".{fraction:06}" if fraction else "")


def _decimal(value: Any) -> Digits:
    if not value.is_finite():
        raise Unsendable("it is not a finite number; float(it) makes a float")
    return Digits(imported_class("decimal", "Decimal").__str__(value))


def _member(value: enum.Enum) -> Any:
    return value._value_  # .value may be overridden


_BUILT_IN: tuple[tuple[Any, Callable[[Any], Any]], ...] = (
    (enum.Enum, _member),
    ((bytes, bytearray), _bytes),
    (memoryview, arrays.of_memoryview),
    ((float, complex), attached_number),  # of floats, only those that are not finite come here
    (_LISTS, list),
    ((datetime.date, datetime.time), _iso),
    (datetime.timedelta, _time_span),
)
_IMPORTED: tuple[tuple[str, str, Callable[[Any], Any]], ...] = (
    ("numpy", "ndarray", arrays.of_ndarray),
    ("numpy", "generic", arrays.of_numpy_scalar),
    ("array", "array", arrays.of_array),
    ("uuid", "UUID", str),
    ("decimal", "Decimal", _decimal),
)
# What to do with a value that cannot be sent, by the name of its class or of one of its bases.
_ADVICE = {
    "coroutine": "await it, or write the tool as async def",
    "generator": "list(it) makes a list; a tool that is a generator itself is a stream",
    "async_generator": "collect its items; a tool that is an asynchronous generator itself is a stream",
    "PurePath": "str(it) makes a str",
    "Fraction": "float(it) makes a float, str(it) keeps its digits",
    "mappingproxy": "dict(it) makes a dict",
    "map": "list(it) makes a list",
    "filter": "list(it) makes a list",
    "zip": "list(it) makes a list",
    "DataFrame": "it.to_dict('records') makes a list of dicts, it.to_numpy() an array",
    "Series": "it.tolist() makes a list, it.to_numpy() an array",
    "Tensor": "it.numpy() makes an array",
}


def _reason(kind: type) -> str:
    names = [found.__name__ for found in type.__dict__["__mro__"].__get__(kind)]
    advice = next((f"; {_ADVICE[name]}" for name in names if name in _ADVICE), "")
    return f"JSON has no such type{advice}"
