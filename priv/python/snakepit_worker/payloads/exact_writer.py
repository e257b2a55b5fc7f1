"""Writes a value as JSON step by step: exactly, or with the path and the reason why that is not possible.

It is many times slower than the JSON encoder in C, but it loses nothing in silence, needs no stack for deeply nested
values, and knows the path of what it refuses. The codec uses it when the C encoder fails or may have lost something.
"""

from __future__ import annotations

import math
import sys
from collections.abc import Iterator
from json import encoder
from typing import Any, NoReturn

from ..process import forks
from .descriptions import class_of, described
from .limits import MAX_DEPTH
from .paths import path_text

_END = object()
_quoted = encoder.encode_basestring
# How a value of a class that JSON lacks is made one that it has, by the name of the class or of one of its bases.
_ADVICE = {
    "bytes": "base64.b64encode(it).decode() makes a str",
    "bytearray": "base64.b64encode(it).decode() makes a str",
    "memoryview": "base64.b64encode(it).decode() makes a str",
    "set": "sorted(it) or list(it) makes a list",
    "frozenset": "sorted(it) or list(it) makes a list",
    "ndarray": "it.tolist() makes lists",
    "generic": "it.item() makes a Python number",  # numpy's scalars
    "datetime": "it.isoformat() makes a str",
    "date": "it.isoformat() makes a str",
    "time": "it.isoformat() makes a str",
    "timedelta": "it.total_seconds() makes a float",
    "Decimal": "str(it) keeps its digits",
    "UUID": "str(it) makes a str",
    "Enum": "it.value may be sent",
    "complex": "send its real and imag",
    "coroutine": "await it, or write the tool as async def",
    "generator": "list(it) makes a list; a tool that is a generator itself is a stream",
    "async_generator": "collect its items; a tool that is an asynchronous generator itself is a stream",
    "dict_keys": "list(it) makes a list",
    "dict_values": "list(it) makes a list",
    "deque": "list(it) makes a list",
    "range": "list(it) makes a list",
}


class NotExact(Exception):
    """A value cannot be written: ``kind`` is its class, ``path`` its place, and the message the reason."""

    def __init__(self, value: Any, steps: list[str | int], reason: str) -> None:
        """Describe why ``value``, to which ``steps`` lead, cannot be written."""
        super().__init__(reason)
        self.kind = class_of(value)
        self.path = path_text(steps)


class _Open:
    """A list or dict that has been written in part. ``step`` is the key or index of its current item."""

    __slots__ = ("closing", "container", "items", "keys", "step")

    def __init__(self, container: Any) -> None:
        self.container = container
        self.step: str | int = -1
        is_dict = isinstance(container, dict)
        self.keys: dict[str, Any] | None = {} if is_dict else None
        self.closing = "]" if self.keys is None else "}"
        self.items: Iterator[Any] = iter(container if self.keys is None else container.items())


class _Writer:
    def __init__(self, max_depth: int) -> None:
        self._max_depth = max_depth
        self._parts: list[str] = []
        self._open: list[_Open] = []
        self._inside: set[int] = set()  # ids of the containers in ``_open``

    def write(self, value: Any) -> str:
        self._begin(value)
        while self._open:
            last = self._open[-1]
            try:
                item = next(last.items, _END)
            except Exception as error:  # an iterator of the user's class may raise anything
                forks.end_if_forked(error)
                self._refuse_at(last.container, described(error))
            if item is not _END:
                self._go_on(last, item)
            else:
                self._parts.append(last.closing)
                self._inside.remove(id(last.container))
                self._open.pop()
        return "".join(self._parts)

    def _go_on(self, last: _Open, item: Any) -> None:
        """Write the next item of the innermost container, or only its beginning if it is a container itself."""
        separator = "," if last.step != -1 else ""
        if last.keys is None:
            last.step = int(last.step) + 1
            self._parts.append(separator)
            self._begin(item)
            return
        key, value = item
        last.step = self._key(last, key)
        self._parts.append(f"{separator}{_quoted(last.step)}:")
        self._begin(value)

    def _key(self, last: _Open, key: Any) -> str:
        keys = last.keys
        assert keys is not None
        try:
            written = key if isinstance(key, str) else self._scalar(key)
        except NotExact as error:
            self._refuse_at(last.container, f"a key of it cannot be text: {error}")
        if written is None:
            kind = class_of(key)
            self._refuse_at(last.container, f"a key of it is a {kind}; keys must be str, int, float, bool or None")
        written = str.__str__(written)
        if reason := _fault_of(written):
            self._refuse_at(last.container, f"a key of it, {written!a}, {reason}")
        if written in keys:
            kinds = class_of(keys[written]), class_of(key)
            self._refuse_at(
                last.container, f"it has the key {written!r} twice once its keys are text: {kinds[0]} and {kinds[1]}"
            )
        keys[written] = key
        return written

    def _begin(self, value: Any) -> None:
        written = self._text(value) if isinstance(value, str) else self._scalar(value)
        if written is not None:
            self._parts.append(written)
        elif isinstance(value, list | tuple | dict):
            self._enter(value)
        else:
            names = [found.__name__ for found in type.__dict__["__mro__"].__get__(type(value))]
            advice = next((f"; {_ADVICE[name]}" for name in names if name in _ADVICE), "")
            self._refuse(value, f"JSON has no such type{advice}")

    def _enter(self, value: Any) -> None:
        if id(value) in self._inside:
            self._refuse(value, "Circular reference: it contains itself")
        if len(self._open) == self._max_depth:
            self._refuse(value, f"it is nested deeper than {MAX_DEPTH:,} levels, which is the limit")
        try:
            opened = _Open(value)
        except Exception as error:  # a dict of the user's class may raise anything when it is asked for its items
            forks.end_if_forked(error)
            self._refuse(value, described(error))
        self._inside.add(id(value))
        self._open.append(opened)
        self._parts.append("[" if opened.keys is None else "{")

    def _text(self, value: str) -> str:
        if reason := _fault_of(value):
            self._refuse(value, reason)
        return _quoted(value)

    def _scalar(self, value: Any) -> str | None:
        """Return None, a bool, an int or a float as JSON, and None for any other value."""
        if value is None:
            return "null"
        if value is True or value is False:
            return "true" if value else "false"
        if isinstance(value, int):
            try:
                return int.__repr__(value)
            except ValueError:
                limit = sys.get_int_max_str_digits()
                reason = f"an integer of more digits than Python's limit of {limit:,}, see sys.set_int_max_str_digits"
                self._refuse(value, reason)
        if isinstance(value, float):
            if not math.isfinite(float.__float__(value)):
                self._refuse(value, f"{float.__repr__(value)} is not a finite float")
            return float.__repr__(value)
        return None

    def _refuse(self, value: Any, reason: str) -> NoReturn:
        raise NotExact(value, [opened.step for opened in self._open], reason)

    def _refuse_at(self, container: Any, reason: str) -> NoReturn:
        """Refuse the innermost container itself, which has no step of its own."""
        raise NotExact(container, [opened.step for opened in self._open[:-1]], reason)


def _fault_of(text: str) -> str:
    """Return what is wrong with a text that UTF-8 cannot carry, or an empty text."""
    try:
        str.encode(text)
    except UnicodeEncodeError as error:
        return f"has a lone surrogate, {text[error.start]!a}, at position {error.start}: surrogates not allowed"
    return ""


def write(value: Any, max_depth: int = MAX_DEPTH) -> str:
    """Return ``value`` as JSON. Raises NotExact, or whatever the user's own class raises when it is read."""
    return _Writer(max_depth).write(value)
