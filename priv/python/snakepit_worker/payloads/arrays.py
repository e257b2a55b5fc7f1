"""Makes what is sent of arrays: of numpy, which is not imported for that, of the module ``array``, and memoryviews.

The numbers of this machine are taken to have their lowest byte first, as they are sent.
"""

from __future__ import annotations

import array
from typing import Any

from ..originals.imported import imported_class
from .attached import Attached
from .kinds import BY_FAMILY_AND_SIZE, BYTES, COMPLEX128, Kind

# The families of the letters that struct and memoryview have for native numbers.
_FAMILIES = {**dict.fromkeys("bhilqn", "i"), **dict.fromkeys("cBHILQN", "u"), **dict.fromkeys("efd", "f"), "?": "b"}
_SWAPPED = {2: "H", 4: "I", 8: "Q"}  # arrays with these letters swap the bytes of numbers of these sizes
_NUMBERS = "bool, integers, floats of 16, 32 and 64 bits, and complex numbers"


class Unsendable(Exception):
    """A value has no form in which it could be sent; the message is the reason and an advice."""


def of_memoryview(view: memoryview) -> Any:
    """Return what is sent of a memoryview: bytes if it has one dimension and no other numbers, else an array."""
    order, code = (view.format[0], view.format[1:]) if view.format[:1] in tuple("@=<>!") else ("@", view.format)
    if view.ndim == 1 and code in ("B", "c"):
        return Attached(BYTES, (), view if view.c_contiguous else bytes(view))
    is_complex = code in ("Zf", "Zd")
    kind = BY_FAMILY_AND_SIZE.get(("c" if is_complex else _FAMILIES.get(code, ""), 16 if is_complex else view.itemsize))
    if kind is None:
        raise Unsendable(f"its format is {view.format!r}; arrays are sent of {_NUMBERS}")
    is_swapped = order in (">", "!") and view.itemsize > 1
    content = view if view.c_contiguous and not is_swapped else memoryview(bytes(view))
    if is_swapped:
        content = _swapped(content, view.itemsize // 2 if is_complex else view.itemsize)
    if code == "Zf":
        content = memoryview(array.array("d", array.array("f", bytes(content))))
    if not view.ndim:
        return Attached(kind, (), content).native()
    return Attached(kind, view.shape or (), content)


def _swapped(content: memoryview, size: int) -> memoryview:
    numbers = array.array(_SWAPPED[size], bytes(content))
    numbers.byteswap()
    return memoryview(numbers)


def of_array(value: Any) -> Any:
    """Return what is sent of an ``array.array``."""
    if value.typecode in ("u", "w"):
        raise Unsendable("its items are characters; it.tounicode() makes a str")
    view = memoryview(value)
    kind = _kind_of(_FAMILIES[value.typecode], value.itemsize)
    return Attached(kind, (len(value),), view)


def of_ndarray(value: Any) -> Any:
    """Return what is sent of a ``numpy.ndarray``: an array, or one number if it has no dimensions."""
    if issubclass(type(value), imported_class("numpy.ma", "MaskedArray")):
        raise Unsendable("its mask would be lost; it.filled(value) makes an array without one")
    ndarray: Any = imported_class("numpy", "ndarray")
    dtype = value.dtype
    kind = _kind_of(dtype.kind, dtype.itemsize, dtype)
    if not value.ndim:
        return ndarray.item(value)
    wanted = "<c16" if kind is COMPLEX128 else dtype.newbyteorder("<")
    contiguous = ndarray.astype(value, wanted, order="C", copy=False)
    return Attached(kind, value.shape, memoryview(contiguous))


def of_numpy_scalar(value: Any) -> Any:
    """Return what is sent of one of numpy's scalars: the Python number of the same value."""
    _kind_of(value.dtype.kind, value.dtype.itemsize, value.dtype)  # raises for what is no number of Python
    return value.item()


def _kind_of(family: str, size: int, name: object = "") -> Kind:
    kind = BY_FAMILY_AND_SIZE.get((family, 16 if (family, size) == ("c", 8) else size))
    if kind is None:
        raise Unsendable(f"its dtype is {name}; {_ADVICE.get(family, _OTHER)}")
    return kind


_ADVICE = {
    "O": "it.tolist() makes lists of its objects",
    "U": "it.tolist() makes a str, or lists of them",
    "S": "it.tolist() makes bytes, or lists of them",
    "M": "it.astype(str).tolist() makes a str, or lists of them",
    "m": "it.astype(int).tolist() makes an int, or lists of them",
    "f": "it.astype(float) makes an array of float64",
    "c": "it.astype(complex) makes an array of complex128",
}
_OTHER = f"arrays are sent of {_NUMBERS}; it.tolist() makes lists"
