"""Writes a value as JSON step by step: exactly, or with the path and the reason why that is not possible.

It is many times slower than the JSON encoder in C, but it loses nothing in silence, needs no stack for deeply nested
values, and knows the path of what it refuses. The codec uses it when the C encoder fails or may have lost something.
"""

from __future__ import annotations

import math
import sys
from collections.abc import Iterator
from json import encoder
from typing import Any, NoReturn, cast

from ..process import forks
from .attached import Attached
from .descriptions import class_of, described
from .encoded import Encoded, joined
from .limits import MAX_DEPTH
from .paths import path_text
from .substitutes import Digits, Unsendable, substitute

_END = object()
_quoted = encoder.encode_basestring


class NotExact(Exception):
    """A value cannot be written: ``kind`` is its class, ``path`` its place, and the message the reason."""

    def __init__(self, value: Any, steps: list[str | int], reason: str) -> None:
        """Describe why ``value``, to which ``steps`` lead, cannot be written."""
        super().__init__(reason)
        self.kind = class_of(value)
        self.path = path_text(steps)


class _Open:
    """A list or dict that has been written in part, or another container that is ``written`` as one.

    ``step`` is the key or index of its current item.
    """

    __slots__ = ("closing", "container", "items", "keys", "step")

    def __init__(self, container: Any, written: Any) -> None:
        self.container = container
        self.step: str | int = -1
        is_dict = isinstance(written, dict)
        self.keys: dict[str, Any] | None = {} if is_dict else None
        self.closing = "]" if self.keys is None else "}"
        self.items: Iterator[Any] = iter(written if self.keys is None else written.items())


class _Writer:
    def __init__(self, max_depth: int) -> None:
        self._max_depth = max_depth
        self._parts: list[str | Attached] = []
        self._open: list[_Open] = []
        self._inside: set[int] = set()  # ids of the containers in ``_open``

    def write(self, value: Any) -> list[str | Attached]:
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
        return self._parts

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
            if isinstance(key, float):
                reason = f"a key of it cannot be text: {float.__repr__(key)} is not a finite float"
                self._refuse_at(last.container, reason)
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
        """Write a value, or only the beginning of one that has items."""
        written = self._text(value) if isinstance(value, str) else self._scalar(value)
        if written is not None:
            self._parts.append(written)
        elif isinstance(value, list | tuple | dict):
            self._enter(value, value)
        else:
            self._begin_substitute(value)

    def _begin_substitute(self, value: Any) -> None:
        try:
            found = substitute(value)
        except MemoryError:
            raise  # nothing is wrong with the value
        except Unsendable as error:
            self._refuse(value, str(error))
        except Exception as error:  # a value of the user's own class may raise anything when it is read
            forks.end_if_forked(error)
            self._refuse(value, described(error))
        if isinstance(found, Attached | Digits):
            self._parts.append(found)
        elif isinstance(found, list | tuple | dict):
            self._enter(value, found)
        else:
            self._begin(found)

    def _enter(self, value: Any, written: Any) -> None:
        """Write the beginning of ``value``, which is written as the list or dict ``written``."""
        if id(value) in self._inside:
            self._refuse(value, "Circular reference: it contains itself")
        if len(self._open) == self._max_depth:
            self._refuse(value, f"it is nested deeper than {MAX_DEPTH:,} levels, which is the limit")
        try:
            opened = _Open(value, written)
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
        """Return None, a bool, an int or a finite float as JSON, and None for any other value."""
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
            return float.__repr__(value) if math.isfinite(float.__float__(value)) else None
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


def write(value: Any, max_depth: int = MAX_DEPTH) -> bytes | Encoded:
    """Return ``value`` as JSON in UTF-8, or as Encoded if it has something that JSON cannot carry.

    Raises NotExact, or whatever the user's own class raises when it is read.
    """
    parts = _Writer(max_depth).write(value)
    try:
        return "".join(cast("list[str]", parts)).encode()
    except TypeError:  # something is attached
        return joined(parts)
