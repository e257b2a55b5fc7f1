"""Conversions to arrays and scalars of numpy, from arrays and from lists of numbers. numpy has been imported.

An array that came as one is a read-only view of what has arrived; nothing is copied, unless numbers are made wider.
"""

from __future__ import annotations

import itertools
import sys
import types
import typing
from typing import Any, cast

from ..originals.imported import imported_class
from ..payloads.attached import Attached, as_ndarray, native
from ..payloads.descriptions import shown
from .conversions import Conversion, Unfit, to_float

_TYPES = {"b": "bool", "i": "int", "u": "int", "f": "int or float", "c": "number"}
_NUMBERS = frozenset(_TYPES)
_ABSTRACT = ("number", "integer", "signedinteger", "unsignedinteger", "inexact", "floating", "complexfloating")
# The dtypes that fit Python's numbers, the best one first.
_USUAL = {
    "b": ("bool",),
    "i": ("int64", "float64", "complex128"),
    "f": ("float64", "complex128"),
    "c": ("complex128",),
}


def numpy_conversion(annotation: Any, arguments: tuple[Any, ...]) -> Conversion | None:
    """Return the conversion to ``annotation``, a class of arrays or scalars of numpy, or None if there is none."""
    if _is_scalar(annotation):
        options = _options([annotation])
        return _to_scalar(options[0]) if options and not isinstance(options[0], type) else None
    if annotation is imported_class("numpy", "ndarray"):
        scalars = _scalars_of(arguments[1]) if len(arguments) > 1 else []
        options = _options(scalars)
        return _to_array(options) if options or not scalars else None
    return None


def _scalars_of(annotation: Any) -> list[Any]:
    """Return the classes of scalars that ``np.dtype[...]`` names; empty if it takes any."""
    arguments = typing.get_args(annotation)
    scalar = arguments[0] if arguments else Any
    is_union = typing.get_origin(scalar) in (typing.Union, types.UnionType)
    scalars = list(typing.get_args(scalar)) if is_union else [scalar]
    return scalars if all(map(_is_scalar, scalars)) else []


def _is_scalar(annotation: Any) -> bool:
    kind: Any = annotation if isinstance(annotation, type) else object
    generic = imported_class("numpy", "generic")
    return issubclass(kind, generic) and kind is not generic


def _options(scalars: list[Any]) -> list[Any]:
    """Return the dtypes of scalars, and those scalars that are abstract; empty if any of them is no number."""
    numpy: Any = sys.modules["numpy"]
    options: list[Any] = [one if one.__name__ in _ABSTRACT else numpy.dtype(one) for one in scalars]
    return options if all(isinstance(one, type) or one.kind in _NUMBERS for one in options) else []


def _fits(dtype: Any, options: list[Any]) -> bool:
    fitting = (issubclass(dtype.type, one) if isinstance(one, type) else dtype == one for one in options)
    return not options or any(fitting)


def _concrete(options: list[Any]) -> list[Any]:
    return [one for one in options if not isinstance(one, type)]


def _to_array(options: list[Any]) -> Conversion:
    numpy: Any = sys.modules["numpy"]
    names = [one.__name__ if isinstance(one, type) else one.name for one in options]
    wanted = f"NDArray[{' | '.join(names)}]" if names else "ndarray"

    def convert(value: Any) -> Any:
        if type(value) is list:
            return _from_list(native(value), value, options, wanted)
        if type(value) is not Attached or value.is_number:
            raise Unfit(value, wanted)
        try:
            found = as_ndarray(value)
        except ValueError as error:  # numpy limits the number of dimensions
            raise Unfit(value, wanted, str(error)) from None
        if _fits(found.dtype, options):
            return found
        for dtype in _concrete(options):
            if numpy.can_cast(found.dtype, dtype, "safe"):
                return _read_only(found.astype(dtype))
        reason = f"not every {found.dtype.name} can be one; convert it before it is sent, or change the annotation"
        raise Unfit(value, wanted, reason)

    return convert


def _read_only(made: Any) -> Any:
    made.setflags(write=False)  # so that it makes no difference to the tool whether the array was converted
    return made


def _from_list(values: Any, given: Any, options: list[Any], wanted: str) -> Any:
    """Return the array of numbers that ``values``, lists of equal lengths in lists, have."""
    shape, numbers = _shape_and_numbers(values, given, wanted)
    kinds = set(map(type, numbers))
    family = "b" if kinds == {bool} else "i" if kinds == {int} else "c" if complex in kinds else "f"
    usual = [sys.modules["numpy"].dtype(name) for name in _USUAL[family]]
    candidates = _concrete(options)
    if len(candidates) == len(options):  # if any other dtype fits too, the usual ones are tried last
        candidates = candidates or usual[:1]
    else:
        candidates += [dtype for dtype in usual if _fits(dtype, options)]
    first: Unfit | None = None
    for dtype in candidates:
        try:
            return _read_only(_flat(numbers, kinds, dtype, given, wanted).reshape(shape))
        except Unfit as unfit:
            first = first or unfit
        except ValueError as error:  # numpy limits the number of dimensions
            raise Unfit(given, wanted, str(error)) from None
    raise first or Unfit(given, wanted, f"its numbers are {usual[0].name}")


def _shape_and_numbers(values: Any, given: Any, wanted: str) -> tuple[list[int], list[Any]]:
    shape: list[int] = []
    level: list[Any] = [values]
    while level and type(level[0]) is list:
        lengths = {len(cast("list[Any]", one)) if type(one) is list else -1 for one in level}
        if len(lengths) > 1:
            shorter, longer = min(lengths), max(lengths)
            reason = "a number is beside a list" if shorter < 0 else f"it has rows of {shorter:,} and {longer:,} items"
            raise Unfit(given, wanted, f"{reason}, but all rows of an array have the same length")
        shape.append(lengths.pop())
        level = list(itertools.chain.from_iterable(level))
    for one in level:
        if type(one) not in (bool, int, float, complex):
            reason = "a number is beside a list" if type(one) is list else f"its item {shown(one)} is no number"
            raise Unfit(given, wanted, reason)
    return shape, level


def _flat(numbers: list[Any], kinds: set[type], dtype: Any, given: Any, wanted: str) -> Any:
    """Return an array of ``numbers`` with one dimension; raises Unfit if one of them is none of the dtype's."""
    numpy: Any = sys.modules["numpy"]
    allowed: dict[str, set[type]] = {"b": {bool}, "i": {int}, "u": {int}, "f": {int, float}}
    if not kinds <= allowed.get(dtype.kind, {int, float, complex}):
        wrong = next(one for one in numbers if type(one) not in allowed.get(dtype.kind, {int, float, complex}))
        raise Unfit(given, wanted, f"its item {wrong!r} is no {_TYPES[dtype.kind]}")
    if dtype.kind in "iu" and numbers:
        limits = numpy.iinfo(dtype)
        for one in (min(numbers), max(numbers)):
            if not limits.min <= one <= limits.max:
                raise Unfit(given, wanted, f"its item {shown(one)} is out of the range of {dtype.name}")
    if dtype.kind in "fc" and int in kinds:
        numbers = [to_float(one) if type(one) is int else one for one in numbers]
    with numpy.errstate(over="ignore"):
        made = numpy.array(numbers, dtype)
    if dtype.kind == "f" and dtype.itemsize < 8 and numbers:  # noqa: PLR2004 (the size of a Python float)
        lost = numpy.isinf(made) & ~numpy.isinf(numpy.array(numbers))
        if lost.any():
            raise Unfit(given, wanted, f"its item {numbers[int(lost.argmax())]!r} is too large for {dtype.name}")
    return made


def _to_scalar(dtype: Any) -> Conversion:
    wanted = dtype.type.__name__

    def convert(value: Any) -> Any:
        one = value.native() if type(value) is Attached and value.is_number else value
        if type(one) not in (bool, int, float, complex):
            raise Unfit(value, wanted)
        return _flat([one], {type(one)}, dtype, value, wanted)[0]

    return convert
