"""Describes objects of the user's classes in messages. Nothing that such a class does makes these functions raise.

A class may define what happens when its objects or the class itself are printed, named or compared, and that code may
raise anything. So names are read as C code reads them, past the user's code, and what a ``__repr__`` raises is named
in the message.
"""

from __future__ import annotations

import itertools
import reprlib
from typing import Any, cast

from ..process import forks

# Maximum lengths in bytes of UTF-8. A failure frame carries the message twice and the traceback once, and these texts
# together must fit into protocol.framing.FRAME_OVERHEAD.
LONGEST_MESSAGE = 12 * 1024
_LONGEST_NAME = 1024
_LONGEST_SHOWN = 60  # characters
_qualified_name = type.__dict__["__qualname__"].__get__
_module_name = type.__dict__["__module__"].__get__


def sendable(text: str, limit: int) -> str:
    """Return ``text`` as a frame can carry it: lone surrogates are escaped, and the middle of long texts is removed."""
    encoded = str.encode(text, "utf-8", "backslashreplace")
    if len(encoded) > limit:
        encoded = encoded[: limit // 2] + b"\n[...]\n" + encoded[-(limit // 2) :]
    return encoded.decode("utf-8", "ignore")


def class_name(kind: type) -> str:
    """Return the name of a class without its module."""
    return sendable(_qualified_name(kind), _LONGEST_NAME)


def class_of(value: Any) -> str:
    """Return the name of the class of ``value`` without its module."""
    return class_name(cast("type[Any]", type(value)))


def full_class_name(kind: type) -> str:
    """Return the name of a class with its module, unless it is built in."""
    name, module = class_name(kind), module_of(kind)
    return name if module in ("", "builtins") else sendable(f"{module}.{name}", _LONGEST_NAME)


def module_of(kind: type) -> str:
    """Return the name of the module that defines a class, or an empty text if the class does not tell."""
    try:
        module: Any = _module_name(kind)
    except AttributeError:
        return ""  # the user's code has deleted it
    return module if type(module) is str else ""


def type_name(error: BaseException) -> str:
    """Return the name of the exception's class, with its module unless it is built in."""
    return full_class_name(type(error))


def message_of(error: BaseException) -> str:
    """Return the exception's text, even if its own ``__str__`` raises."""
    try:
        return sendable(str(error), LONGEST_MESSAGE)
    except BaseException as broken:  # the user's __str__ may raise anything
        forks.end_if_forked(broken)
        return f"<{type_name(error)} whose __str__ raised {type_name(broken)}>"


def described(error: BaseException) -> str:
    """Return the exception's type and text, such as ``ValueError: not a number``."""
    text = message_of(error)
    return f"{type_name(error)}: {text}" if text else type_name(error)


def shown(value: Any) -> str:
    """Return the ``repr`` of a value, shortened, or a note if its ``__repr__`` raises."""
    try:
        text = _short.repr(value)
        if len(text) > _LONGEST_SHOWN:
            text = str.__getitem__(text, slice(_LONGEST_SHOWN - 3)) + "..."
        return sendable(text, 4 * _LONGEST_SHOWN)
    except BaseException as error:  # the user's __repr__ may raise anything
        forks.end_if_forked(error)
        return f"<{full_class_name(type(error))} in repr of {class_of(value)}>"


class _Short(reprlib.Repr):
    """Looks only at the beginning of large values, so that showing one takes no noticeable time."""

    def __init__(self) -> None:
        super().__init__()
        self.maxlevel = 4
        self.maxstring = self.maxother = self.maxlong = 2 * _LONGEST_SHOWN
        self.maxlist = self.maxtuple = self.maxdict = self.maxset = self.maxfrozenset = self.maxdeque = 20

    def repr_str(self, x: str, level: int) -> str:
        return repr(x[: self.maxstring])

    def repr_dict(self, x: dict[Any, Any], level: int) -> str:
        """Show a dict in its own order, which reprlib would sort."""
        if level <= 0:
            return "{...}"
        pairs = itertools.islice(x.items(), self.maxdict)
        return "{" + ", ".join(f"{self.repr1(k, level - 1)}: {self.repr1(v, level - 1)}" for k, v in pairs) + "}"

    def repr_instance(self, x: Any, level: int) -> str:
        return repr(x)  # reprlib would hide what a __repr__ raises


_short = _Short()
