"""Writes a value that has more than JSON can carry with the encoder in C, which is many times faster than Python code.

The encoder asks for a substitute of each such value, and writes the substitute. For what is attached, the substitute is
a text, the mark, by which the place is found when the JSON is complete.
"""

from __future__ import annotations

import itertools
import os
import re
from collections.abc import Callable
from typing import Any

from .attached import Attached, attached_number
from .c_encoder import make_chunks
from .encoded import Encoded, joined
from .substitutes import Digits, substitute

_MARK = "snakepit:attached"
# The encoder writes floats that are not finite as words outside of quotation marks.
_TEXT_OR_WORD = re.compile(r'"[^"\\]*(?:\\.[^"\\]*)*"|NaN|-?Infinity')
# A name in JSON that may have been something else than a text before it was written.
_perhaps_no_text_key = re.compile(r'"(?:-?\d[^"]*|true|false|null|NaN|-?Infinity)":').search


class _Marking:
    """Writes a value once, with one mark."""

    def __init__(self, mark: str) -> None:
        self.containers: list[Any] = []  # that the substitutes are
        self._mark = mark
        self._quoted = f'"{mark}"'
        self._inserts: list[Attached | Digits] = []  # what belongs to the marks, in their order

    def write(self, value: Any) -> list[str | Attached] | None:
        """Return the parts of the JSON, or None if the user's own text is equal to the mark."""
        chunks = make_chunks(self._substitute, True)
        if chunks is None:
            raise TypeError("this Python has no encoder in C")
        text = "".join(chunks(value, 0))
        if "NaN" in text or "Infinity" in text:
            text = self._with_marks_for_words(text)
        texts = text.split(self._quoted)
        if len(texts) != len(self._inserts) + 1:
            return None
        return [part for part in itertools.chain.from_iterable(itertools.zip_longest(texts, self._inserts)) if part]

    def _substitute(self, value: Any) -> Any:
        found = substitute(value)
        if isinstance(found, Attached | Digits):
            self._inserts.append(found)
            return self._mark
        if type(found) in (list, dict):
            self.containers.append(found)
        return found

    def _with_marks_for_words(self, text: str) -> str:
        known = iter(self._inserts)
        inserts: list[Attached | Digits] = []

        def mark(found: re.Match[str]) -> str:
            token = found[0]
            if token == self._quoted:
                inserts.extend(itertools.islice(known, 1))
            elif token[0] != '"':
                inserts.append(attached_number(float(token)))
                token = self._quoted
            return token

        text = _TEXT_OR_WORD.sub(mark, text)
        self._inserts = [*inserts, *known]
        return text


def write(value: Any, has_only_text_keys: Callable[[Any], bool]) -> bytes | Encoded | None:
    """Return ``value`` as JSON with what is attached to it, or None if the encoder may have lost something in silence.

    It makes all keys text, and does not notice when two of them become equal. Raises whatever the encoder raises.
    """
    marking = _Marking(_MARK)
    while (parts := marking.write(value)) is None:
        marking = _Marking(f"{_MARK}:{os.urandom(16).hex()}")
    text_parts = [part for part in parts if type(part) is str]
    if any(map(_perhaps_no_text_key, text_parts)) and not all(map(has_only_text_keys, [value, *marking.containers])):
        return None
    return joined(parts)
