"""Conversions of texts and numbers to classes of the standard library that JSON lacks."""

from __future__ import annotations

import datetime
import re
from typing import Any

from ..originals.imported import imported_class
from .conversions import Conversion, Unfit, is_decimal_class, made_by

_FRACTION = r"\.(\d{6})(\d+)"  # patterns are compiled when they are needed first, which few programs do
# How .NET writes a TimeSpan: days, hours, minutes, seconds, and a fraction of a second.
_SPAN = r"(-)?(?:(\d+)\.)?(\d\d):(\d\d):(\d\d)(?:\.(\d+))?"


def _to_microseconds(text: str) -> str:
    """Remove digits beyond the microsecond, which Python's classes cannot hold, if they are zeros."""
    found = re.search(_FRACTION, text)
    if found is None:
        return text
    if found[2].strip("0"):
        raise ValueError("it has digits below one microsecond, which Python's class cannot hold")
    return text[: found.start(2)] + text[found.end(2) :]


def _date_time(text: str) -> datetime.datetime:
    return datetime.datetime.fromisoformat(_to_microseconds(text))


def _time(text: str) -> datetime.time:
    return datetime.time.fromisoformat(_to_microseconds(text))


def _time_span(text: str) -> datetime.timedelta:
    found = re.fullmatch(_SPAN, _to_microseconds(text))
    if found is None:
        raise ValueError("a duration is written as .NET writes a TimeSpan: [-][days.]hours:minutes:seconds[.fraction]")
    sign, days, hours, minutes, seconds, fraction = found.groups(default="")
    span = datetime.timedelta(
        days=int(days or 0),
        hours=int(hours),
        minutes=int(minutes),
        seconds=int(seconds),
        microseconds=int(fraction.ljust(6, "0") or 0),
    )
    return -span if sign else span


_MAKERS: dict[Any, Any] = {
    datetime.datetime: _date_time,
    datetime.date: datetime.date.fromisoformat,
    datetime.time: _time,
    datetime.timedelta: _time_span,
}


def text_conversion(annotation: Any, wanted: str) -> Conversion | None:
    """Return the conversion to a class that JSON carries as text, or None if ``annotation`` is no such class."""
    if is_decimal_class(annotation):
        return _decimal(annotation, wanted)
    make = annotation if annotation is imported_class("uuid", "UUID") else _MAKERS.get(annotation)
    if make is None:
        return None
    parse = made_by(make, wanted)

    def convert(value: Any) -> Any:
        if type(value) is not str:
            raise Unfit(value, wanted)
        return parse(value)

    return convert


def _decimal(decimal: type, wanted: str) -> Conversion:
    parse = made_by(decimal, wanted)

    def convert(value: Any) -> Any:
        # Numbers with a fraction have been read as Decimal, because the tool has this annotation.
        if type(value) is decimal:
            return value
        if type(value) is int or type(value) is str:
            return parse(value)
        raise Unfit(value, wanted)

    return convert
