"""Chooses the conversion of JSON values for a type annotation.

An annotation whose values JSON cannot carry, such as an arbitrary class of the user's, accepts every value as it is,
because only the tool knows how to convert a JSON value to an object of that class.
"""

from __future__ import annotations

import collections
import enum
import functools
import re
import types
import typing
from collections.abc import Callable
from typing import Any

from ..originals.imported import imported_class
from ..payloads.descriptions import class_name, shown
from ..process import forks
from .containers import dict_of, key_of, list_of, tuple_of
from .conversions import Conversion, Unfit, anything, exactly, literal, made_by, one_of, to_complex, to_float
from .records import ConversionOf, record_conversion
from .texts import text_conversion

_MODULES = ("builtins", "collections", "collections.abc", "typing")
# What makes the container that an annotation names from a list or a dict.
_LISTS: dict[str, Callable[[Any], Any]] = {
    **dict.fromkeys(("list", "Sequence", "MutableSequence", "Iterable", "Collection", "Container", "Reversible"), list),
    **dict.fromkeys(("set", "Set", "MutableSet"), set),
    "frozenset": frozenset,
    "tuple": tuple,
    "deque": collections.deque,
}
_DICTS: dict[str, Callable[[Any], Any]] = {
    **dict.fromkeys(("dict", "Mapping", "MutableMapping"), dict),
    "OrderedDict": collections.OrderedDict,
    "Counter": collections.Counter,
}
_FACTORIES = (int, float, str, bool, list, dict, set)  # of the items of a defaultdict; the first four are scalars
_UNCHECKED = (Any, object)
# What numpy.typing.NDArray[...] is: an array of any shape with this dtype.
_LONG_NAME = r"numpy\.ndarray\[(?:Any|tuple\[(?:Any|int), \.\.\.\]), numpy\.dtype\[(?:numpy\.)?\+?(\w+)\]\]"
_BUFFERS = (bytes, bytearray, memoryview)
_WRAPPERS = (typing.Annotated, typing.Required, typing.NotRequired, typing.Final, typing.ClassVar)


def describe(annotation: Any) -> str:
    """Return an annotation as it is written in Python source code."""
    if annotation is type(None):
        return "None"
    if isinstance(annotation, str):
        return annotation
    if isinstance(annotation, type) and not typing.get_args(annotation):
        return class_name(annotation)
    try:
        text = str(annotation).replace("typing.", "").replace("collections.abc.", "")
        return re.sub(_LONG_NAME, r"NDArray[\1]", text) if "numpy.ndarray[" in text else text
    except BaseException as error:  # an annotation may be any object, and its __str__ the user's code
        forks.end_if_forked(error)
        return shown(annotation)


def conversion_of(annotation: Any, unchecked: Conversion = anything) -> Conversion:
    """Return the conversion that makes what ``annotation`` names from a JSON value, or raises Unfit.

    Values that the annotation does not check are converted by ``unchecked``.
    """
    if annotation is None or annotation is type(None):
        return exactly(type(None), "None")
    of = conversion_of if unchecked is anything else functools.partial(conversion_of, unchecked=unchecked)
    origin = typing.get_origin(annotation) or annotation
    arguments = typing.get_args(annotation)
    wanted = describe(annotation)
    found = _special(annotation, origin, arguments, wanted, of)
    if found is not None or not _is_hashable(origin) or origin in _UNCHECKED:
        return found or unchecked
    found = _SCALARS.get(origin) or text_conversion(origin, wanted) or _buffer(origin, arguments, wanted)
    found = found or _container(origin, arguments, wanted, of)
    if found is None and isinstance(origin, type):
        found = _enumeration(origin, wanted) or record_conversion(origin, arguments, wanted, of)
    return found or unchecked


def _special(
    annotation: Any, origin: Any, arguments: tuple[Any, ...], wanted: str, of: ConversionOf
) -> Conversion | None:
    """Return the conversion for an annotation that is no class, or None if it is one."""
    if origin is typing.Union or origin is types.UnionType:
        options = [of(option) for option in arguments]
        unchecked = of(Any)
        return unchecked if unchecked in options else one_of(options, wanted)
    if origin is typing.Literal:
        return literal(arguments, wanted)
    inner: Any = None
    if any(origin is wrapper for wrapper in _WRAPPERS):
        inner = arguments[0] if arguments else Any
    elif isinstance(annotation, imported_class("dataclasses", "InitVar")):
        inner = annotation.type
    elif isinstance(annotation, typing.NewType):
        inner = annotation.__supertype__
    elif isinstance(annotation, typing.TypeVar):
        inner = annotation.__bound__ or Any
    return None if inner is None else of(inner)


def _buffer(origin: Any, arguments: tuple[Any, ...], wanted: str) -> Conversion | None:
    # Late imports, because few programs need these modules.
    if origin in _BUFFERS or origin is imported_class("array", "array"):
        from .buffers import buffer_conversion

        return buffer_conversion(origin, arguments, wanted)
    if isinstance(origin, type) and issubclass(
        origin, (imported_class("numpy", "ndarray"), imported_class("numpy", "generic"))
    ):
        from .arrays import numpy_conversion

        return numpy_conversion(origin, arguments)
    return None


def _container(origin: Any, arguments: tuple[Any, ...], wanted: str, of: ConversionOf) -> Conversion | None:
    name = getattr(origin, "__name__", "")
    if getattr(origin, "__module__", "") not in _MODULES:
        return None
    if name == "tuple" and arguments[1:] != (Ellipsis,) and (arguments or wanted.endswith("[()]")):
        return tuple_of([of(option) for option in arguments], wanted)
    if name in _LISTS:
        item = arguments[0] if arguments else Any
        return list_of(of(item), wanted, item if item in _FACTORIES[:4] else None, _LISTS[name])
    make = _DICTS.get(name)
    if name == "Counter":
        arguments = (*arguments, int) if arguments else ()
    elif name == "defaultdict":
        factory = typing.get_origin(arguments[1]) or arguments[1] if arguments else None
        make = functools.partial(collections.defaultdict[Any, Any], factory if factory in _FACTORIES else None)
    return None if make is None else _dict(make, arguments, wanted, of)


def _dict(make: Callable[[Any], Any], arguments: tuple[Any, ...], wanted: str, of: ConversionOf) -> Conversion:
    key, item = arguments or (str, Any)
    scalar = item if item in _FACTORIES[:4] else None
    return dict_of(key_of(key, of(key), describe(key)), of(item), wanted, scalar, make)


def _enumeration(kind: type, wanted: str) -> Conversion | None:
    if not issubclass(kind, enum.Enum):
        return None

    def combined(value: int) -> Any:
        made = kind(value)
        # Whether Python itself refuses unknown bits, drops them or returns an int depends on its version and on the
        # boundary of the class.
        if isinstance(made, kind) and made._value_ == value:
            return made
        raise Unfit(value, wanted, "it has bits that no member of the class has")

    by_value = made_by(combined, wanted)
    members = literal(tuple(kind), wanted)
    is_flag = issubclass(kind, enum.Flag)

    def convert(value: Any) -> Any:
        try:
            return members(value)
        except Unfit:
            if is_flag and type(value) is int:  # a combination of flags is no member of its own
                return by_value(value)
            raise

    return convert


def _is_hashable(annotation: Any) -> bool:
    try:
        hash(annotation)
    except BaseException as error:  # an annotation may be any object, and its __hash__ the user's code
        forks.end_if_forked(error)
        return False
    return True


_SCALARS: dict[Any, Conversion] = {
    int: exactly(int, "int"),
    float: to_float,
    str: exactly(str, "str"),
    bool: exactly(bool, "bool"),
    complex: to_complex,
}
