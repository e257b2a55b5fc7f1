"""Conversions of bytes and arrays to the classes of Python itself that hold such: bytes, memoryview, array.array."""

from __future__ import annotations

from typing import Any

from ..originals.imported import imported_class
from ..payloads.attached import Attached
from ..payloads.kinds import BOOL, BYTES, COMPLEX128, FLOAT16, UINT8
from .containers import rows_of
from .conversions import Conversion, Unfit, to_float

_NO_TEXT = "a text is no bytes; send bytes, or annotate the parameter as str and use text.encode or base64.b64decode"
_NO_TYPECODE = (BOOL, FLOAT16, COMPLEX128)
_NO_BYTES = "only bytes and arrays of uint8 with one dimension are bytes; annotate it as memoryview or numpy.ndarray"


def buffer_conversion(annotation: Any, arguments: tuple[Any, ...], wanted: str) -> Conversion | None:
    """Return the conversion to a class that holds bytes or numbers, or None if ``annotation`` is no such class."""
    if annotation is bytes:
        return lambda value: _bytes_in(value, wanted).to_bytes()
    if annotation is bytearray:
        return lambda value: bytearray(_bytes_in(value, wanted).content)
    if annotation is memoryview:
        return lambda value: _memoryview(value, wanted)
    if annotation is imported_class("array", "array"):
        return lambda value: _array(annotation, arguments, value, wanted)
    return None


def _bytes_in(value: Any, wanted: str) -> Attached:
    if type(value) is str:
        raise Unfit(value, wanted, _NO_TEXT)
    if type(value) is not Attached:
        raise Unfit(value, wanted)
    if value.kind is BYTES or (value.kind is UINT8 and len(value.shape) == 1):
        return value
    raise Unfit(value, wanted, _NO_BYTES)


def _memoryview(value: Any, wanted: str) -> memoryview:
    if type(value) is not Attached or not value.is_array:
        return _bytes_in(value, wanted).content
    if not value.kind.code:
        raise Unfit(value, wanted, "a memoryview has no complex numbers; annotate it as numpy.ndarray")
    try:
        if len(value.shape) == 1:
            return value.content.cast(value.kind.code)  # type: ignore[call-overload]
        return value.content.cast(value.kind.code, value.shape)  # type: ignore[call-overload]
    except (TypeError, ValueError) as error:  # this Python has no memoryview of such numbers, or no empty one
        raise Unfit(value, wanted, f"{error}; annotate it as numpy.ndarray") from None


def _array(array: Any, arguments: tuple[Any, ...], value: Any, wanted: str) -> Any:
    """Return an ``array.array``, which has one dimension. ``arguments`` may be the type of its items."""
    if type(value) is Attached and (value.kind is BYTES or len(value.shape) == 1):
        if value.kind in _NO_TYPECODE or (arguments == (int,) and value.kind.family == "f"):
            raise Unfit(value, wanted, "its numbers are of no fitting type; annotate it as numpy.ndarray")
        made = array(value.kind.code)
        made.frombytes(value.content)
        return array("d", made) if arguments == (float,) and value.kind.family != "f" else made
    if type(value) is Attached and value.is_array:
        raise Unfit(value, wanted, "an array.array has one dimension; annotate it as numpy.ndarray")
    items = rows_of(value, wanted)
    if arguments != (float,) and all(type(item) is int for item in items):
        try:
            return array("q", items)
        except OverflowError as error:
            raise Unfit(value, wanted, str(error)) from None
    if arguments == (int,):
        raise Unfit(value, wanted, "an item is no int")
    return array("d", map(to_float, items))
