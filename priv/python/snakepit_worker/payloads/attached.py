"""What stands beside the JSON of a value: bytes, an array of numbers, or one number that JSON does not have."""

from __future__ import annotations

import math
import struct
from collections.abc import Sequence
from typing import Any

from ..originals.imported import imported_class
from .descriptions import class_of, shown
from .kinds import BYTES, COMPLEX128, FLOAT64, Kind

_LONGEST_SHOWN = 20  # bytes


class Attached:
    """Bytes, an array of numbers, or one number that is no array.

    Attributes:
        kind: What the content is.
        shape: The length of each dimension, outermost first. Empty for bytes and for one number.
        content: A contiguous buffer: the elements in C order, with the lowest byte of each first. Whoever sends it
            decides where its bytes are put.
    """

    __slots__ = ("content", "kind", "shape")

    def __init__(self, kind: Kind, shape: Sequence[int], content: bytes | bytearray | memoryview) -> None:
        """Describe a content, which fits the kind and the shape."""
        self.kind = kind
        self.shape = tuple(shape)
        self.content = memoryview(content)

    @property
    def is_array(self) -> bool:
        """Tell whether this is an array, and not bytes or one number."""
        return bool(self.shape)

    @property
    def is_number(self) -> bool:
        """Tell whether this is one number."""
        return not self.shape and self.kind is not BYTES

    def to_bytes(self) -> bytes:
        """Return the content as bytes, without copying it if it is an object of that class already."""
        whole: Any = self.content.obj
        return whole if type(whole) is bytes and len(whole) == self.content.nbytes else bytes(self.content)

    def flat(self) -> list[Any]:
        """Return the elements of all dimensions as one list of Python numbers."""
        count = self.content.nbytes // self.kind.size
        if self.kind is COMPLEX128:
            parts = struct.unpack(f"<{2 * count}d", self.content)
            return list(map(complex, parts[::2], parts[1::2]))
        return list(struct.unpack(f"<{count}{self.kind.code}", self.content))

    def rows(self) -> list[Any]:
        """Return an array as a list: of arrays if it has several dimensions, and of numbers if it has one.

        A number that JSON does not have is Attached in the list, as it would be in a list that came as JSON.
        """
        length, *inner = self.shape
        if inner:
            size = self.kind.size * math.prod(inner)
            whole = self.content
            return [Attached(self.kind, inner, whole[size * row : size * (row + 1)]) for row in range(length)]
        numbers = self.flat()
        if self.kind is COMPLEX128 or (self.kind.family == "f" and not math.isfinite(sum(numbers))):
            return [one if type(one) is float and math.isfinite(one) else attached_number(one) for one in numbers]
        return numbers

    def native(self) -> Any:
        """Return the value as Python has it without any library: bytes, a number, or lists in lists."""
        if self.kind is BYTES:
            return self.to_bytes()
        values = self.flat()
        if not self.shape:
            return values[0]
        for length in reversed(self.shape[1:]):
            if not length:  # the rows of this dimension are empty, so no number tells how many there are
                return _empty(self.shape)
            values = [values[start : start + length] for start in range(0, len(values), length)]
        return values

    def described(self) -> str:
        """Return what this is, as it is named in messages: ``bytes``, ``float``, ``an array of ... with shape ...``."""
        if self.shape:
            return f"an array of {self.kind.name} with shape {self.shape}"
        return "bytes" if self.kind is BYTES else class_of(self.native())

    def __repr__(self) -> str:
        """Show a short value as Python would, because messages show lists that have such a value among their items."""
        if self.shape:
            return f"<{self.described()}>"
        if self.kind is BYTES and self.content.nbytes > _LONGEST_SHOWN:
            return f"{bytes(self.content[:_LONGEST_SHOWN])!r}..."
        return repr(self.native())


def _empty(shape: Sequence[int]) -> list[Any]:
    return [_empty(shape[1:]) for _ in range(shape[0])] if shape else []


def attached_number(value: complex) -> Attached:
    """Return a float or a complex number that JSON does not have."""
    if isinstance(value, float):
        return Attached(FLOAT64, (), struct.pack("<d", value))
    return Attached(COMPLEX128, (), struct.pack("<dd", value.real, value.imag))


def native(value: Any) -> Any:
    """Return a value from JSON with everything in it that is Attached made native; lists and dicts are copied."""
    # A loop and no recursion, because values may be nested more deeply than Python functions.
    if type(value) is Attached:
        return value.native()
    copy = _copy_of(value)
    waiting = [] if copy is value else [copy]
    while waiting:
        container: Any = waiting.pop()
        items: Any = container.items() if hasattr(container, "items") else enumerate(container)
        for step, item in items:
            if type(item) is Attached:
                container[step] = item.native()
            elif (inner := _copy_of(item)) is not item:
                container[step] = inner
                waiting.append(inner)
    return copy


def _copy_of(value: Any) -> Any:
    return value.copy() if type(value) in (list, dict) else value


def as_ndarray(value: Attached) -> Any:
    """Return an array or bytes as a numpy.ndarray over the same memory. numpy has been imported."""
    ndarray = imported_class("numpy", "ndarray")
    if value.kind is BYTES:
        return ndarray((value.content.nbytes,), dtype="u1", buffer=value.content)
    return ndarray(value.shape, dtype=f"<{value.kind.family}{value.kind.size}", buffer=value.content)


def native_with_numpy(value: Attached) -> Any:
    """Return an array as numpy.ndarray if the program has imported numpy, and everything else as ``native`` does."""
    has_numpy = hasattr(imported_class("numpy", "ndarray"), "dtype")
    try:
        return as_ndarray(value) if value.shape and has_numpy else value.native()
    except ValueError:  # numpy limits the number of dimensions
        return value.native()


def described_class(value: Any) -> str:
    """Return what a value is, for a message."""
    return value.described() if type(value) is Attached else class_of(value)


def advice_for(value: Any) -> str:
    """Return which annotation accepts what is attached; an empty text for other values."""
    if type(value) is not Attached:
        return ""
    classes = "list, memoryview or numpy.ndarray" if value.shape else value.described()
    return f"annotate it as {classes} if that is meant"


def described_value(value: Any) -> str:
    """Return what a value is and how it looks, such as ``str ('abc')``, for a message."""
    if type(value) is not Attached:
        return f"{class_of(value)} ({shown(value)})"
    return value.described() if value.shape else f"{value.described()} ({value!r})"
