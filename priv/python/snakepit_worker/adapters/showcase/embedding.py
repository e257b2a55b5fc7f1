"""Vectors of texts that are near each other if the texts have words and parts of words in common.

A text becomes its words and their n-grams of three letters, with a mark at the borders of a word, as fastText does it
(Bojanowski et al., "Enriching Word Vectors with Subword Information", 2017). Each of these features adds 1 or -1 to one
element of the vector, and a hash of the feature chooses both (Weinberger et al., "Feature Hashing for Large Scale
Multitask Learning", 2009). Because of the sign, features that fall on the same element cancel out on average. Nothing
is learned, and the hash is not Python's own, so every worker and every program makes the same vector of a text.
"""

from __future__ import annotations

import math
from array import array
from collections.abc import Iterator

_LETTERS = 3  # of an n-gram
_MOST_DIMENSIONS = 65_536


class Embedder:
    """Makes vectors of one length. It remembers the places of features, so use one for all texts of a call."""

    def __init__(self, dimensions: int) -> None:
        """Make vectors of ``dimensions`` elements; raises ValueError for a number that is not 1 to 65,536."""
        from hashlib import blake2b  # its import takes longer than that of the rest of the showcase

        if not 1 <= dimensions <= _MOST_DIMENSIONS:
            raise ValueError(f"an embedding has 1 to {_MOST_DIMENSIONS:,} dimensions, not {dimensions:,}")
        self.dimensions = dimensions
        self._hash = blake2b
        self._places: dict[str, tuple[int, int]] = {}

    def embed(self, text: str) -> array[float]:
        """Return the vector of ``text``, as float32 and of the length 1.

        It is all zeros if the text has neither letters nor digits, or if all its features have cancelled out.
        """
        sums = [0] * self.dimensions
        for feature in _features(text):
            index, sign = self._places.get(feature) or self._place(feature)
            sums[index] += sign
        length = math.sqrt(sum(number * number for number in sums)) or 1.0
        return array("f", [number / length for number in sums])

    def _place(self, feature: str) -> tuple[int, int]:
        number = int.from_bytes(self._hash(feature.encode("utf-8", "surrogatepass"), digest_size=8).digest(), "little")
        place = self._places[feature] = (number >> 1) % self.dimensions, 1 if number & 1 else -1
        return place


def _features(text: str) -> Iterator[str]:
    letters = (letter if letter.isalnum() else " " for letter in text.casefold())
    for word in "".join(letters).split():
        marked = f"<{word}>"
        yield marked
        if len(marked) > _LETTERS:  # or else the only n-gram is the word itself
            yield from (marked[start : start + _LETTERS] for start in range(len(marked) - _LETTERS + 1))
