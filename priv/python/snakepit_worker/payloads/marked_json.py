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
_WORD = re.compile("NaN|-?Infinity")  # what the encoder writes for floats that are not finite, outside of texts
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
        pieces: list[str] = []
        start, is_in_text = 0, False
        for found in _WORD.finditer(text):
            before, word = text[start : found.start()], found[0]
            start = found.end()
            inserts.extend(itertools.islice(known, before.count(self._quoted)))
            is_in_text ^= _has_odd_quotes(before)
            pieces += before, word if is_in_text else self._quoted
            if not is_in_text:
                inserts.append(attached_number(float(word)))
        self._inserts = [*inserts, *known]
        return "".join([*pieces, text[start:]])


def _has_odd_quotes(text: str) -> bool:
    """Tell whether a text of JSON begins or ends in quotation marks, but not both."""
    if "\\" in text:
        text = text.replace("\\\\", "").replace('\\"', "")
    return text.count('"') % 2 == 1


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
