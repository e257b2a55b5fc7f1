"""Reads JSON step by step: exactly, or with the path and the reason why that is not possible.

It is many times slower than the JSON decoder in C, but it needs no stack for deeply nested values, keeps the sign of
``-0``, and refuses what the C decoder would change in silence: repeated names, numbers beyond the range of a float and
lone surrogates. The codec uses it for JSON that the C decoder may not read exactly.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from json import decoder
from typing import Any, NoReturn

from .limits import MAX_DEPTH, excess_of
from .paths import path_text

# The type stubs do not declare it. It returns the text up to the closing quotation mark, and the index behind that.
_scan_string: Callable[[str, int, bool], tuple[str, int]] = getattr(decoder, "scanstring")  # noqa: B009
_SPACE = re.compile(r"[ \t\n\r]*")
_NUMBER = re.compile(r"(-?(?:0|[1-9][0-9]*))(\.[0-9]+)?([eE][-+]?[0-9]+)?")
_NOT_ZERO = re.compile("[1-9]")
_WORDS: dict[str, bool | None] = {"true": True, "false": False, "null": None}
_LONGEST_SHOWN = 40  # characters


def _shortened(number: str) -> str:
    return number if len(number) <= _LONGEST_SHOWN else number[:_LONGEST_SHOWN] + "..."


class _Reader:
    def __init__(self, text: str, fraction: Callable[[str], Any], max_depth: int, places: dict[int, Any]) -> None:
        self._text = text
        self._places = places
        self._fraction = fraction
        self._max_depth = max_depth
        self._at = 0
        self._outermost: Any = None
        self._open: list[list[Any] | dict[str, Any]] = []
        self._names: list[str] = []  # the current name in each open object, and "" for each open list
        self._is_in_name = False

    def read(self) -> Any:
        self._value()
        while self._open:
            self._go_on(self._open[-1])
        self._skip()
        if self._at < len(self._text):
            self._refuse("there is more after the value")
        if self._places:
            self._refuse("an attachment's place is inside a text")
        return self._outermost

    def _go_on(self, container: list[Any] | dict[str, Any]) -> None:
        """Read the next item of the innermost container, or its end."""
        self._skip()
        if self._text.startswith("]" if isinstance(container, list) else "}", self._at):
            self._at += 1
            self._open.pop()
            self._names.pop()
            return
        if container:
            self._take(",")
            self._skip()
        if isinstance(container, dict):
            self._names[-1] = self._name(container)
        self._value()

    def _name(self, container: dict[str, Any]) -> str:
        self._is_in_name = True
        if not self._text.startswith('"', self._at):
            self._refuse("a name in quotation marks is missing")
        name = self._string("the name")
        if name in container:
            self._refuse(f"the name {name!r} is there twice")
        self._skip()
        self._take(":")
        self._is_in_name = False
        return name

    def _value(self) -> None:
        """Read a value, or only the beginning of one that has items, and put it where it belongs."""
        self._skip()
        first = self._text[self._at : self._at + 1]
        if first and first in "[{":
            if len(self._open) == self._max_depth:
                self._refuse(f"it is nested deeper than {MAX_DEPTH:,} levels, which is the limit")
            self._at += 1
            opened: list[Any] | dict[str, Any] = [] if first == "[" else {}
            self._put(opened)
            self._open.append(opened)
            self._names.append("")
        else:
            self._put(self._string("the text") if first == '"' else self._word())

    def _put(self, value: Any) -> None:
        if not self._open:
            self._outermost = value
        elif isinstance(container := self._open[-1], list):
            container.append(value)
        else:
            container[self._names[-1]] = value

    def _word(self) -> Any:
        for word, value in _WORDS.items():
            if self._text.startswith(word, self._at):
                self._at += len(word)
                return value
        return self._number()

    def _number(self) -> Any:
        found = _NUMBER.match(self._text, self._at)
        if found is None:
            self._refuse("a value is missing, or is none that JSON has")
        whole, fraction, exponent = found.groups(default="")
        if self._places and found.group() == "0" and self._at in self._places:
            attached = self._places.pop(self._at)
            self._at = found.end()
            return attached
        self._at = found.end()
        if not fraction and not exponent and whole != "-0":
            if reason := excess_of(whole):
                self._refuse(reason)
            return int(whole)
        value = self._fraction(found.group())
        if abs(value) == math.inf:
            self._refuse(f"{_shortened(found.group())} is too large for a float")
        if not value and _NOT_ZERO.search(whole + fraction):
            self._refuse(f"{_shortened(found.group())} is too small for a float, which would be 0")
        return value

    def _string(self, what: str) -> str:
        value, self._at = _scan_string(self._text, self._at + 1, True)
        try:
            value.encode()
        except UnicodeEncodeError as error:
            self._refuse(f"{what} has a lone surrogate, {value[error.start]!a}, at position {error.start}")
        return value

    def _take(self, expected: str) -> None:
        if not self._text.startswith(expected, self._at):
            self._refuse(f"{expected!r} is missing")
        self._at += 1

    def _skip(self) -> None:
        found = _SPACE.match(self._text, self._at)
        assert found is not None
        self._at = found.end()

    def _refuse(self, reason: str) -> NoReturn:
        steps: list[str | int] = []
        for level, (container, name) in enumerate(zip(self._open, self._names, strict=True), start=1):
            is_innermost = level == len(self._open)  # it does not have its current item yet
            if is_innermost and self._is_in_name:
                break
            steps.append(len(container) - (not is_innermost) if isinstance(container, list) else name)
        path = path_text(steps)
        raise ValueError(f"at {path}: {reason}" if path else f"{reason} (at character {self._at:,})")


def read(
    text: str,
    fraction: Callable[[str], Any] = float,
    max_depth: int = MAX_DEPTH,
    places: dict[int, Any] | None = None,
) -> Any:
    """Return the JSON value in ``text``. Raises ValueError if it is not JSON, or cannot be read exactly.

    ``fraction`` makes the value of a number that has a fraction or an exponent. ``places`` tells by the index of a
    digit 0 what stands there in its place; what was read is removed from it.
    """
    return _Reader(text, fraction, max_depth, places or {}).read()
