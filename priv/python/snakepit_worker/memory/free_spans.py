"""Tells which parts of a memory file are free."""

from __future__ import annotations

from bisect import bisect


class FreeSpans:
    """The free parts of a file of ``length`` bytes.

    A part is taken from the lowest place that has room for it, so that memory which was used before is used again.
    """

    def __init__(self, length: int) -> None:
        """Begin with a file of which all is free."""
        self._length = length
        self._spans = [(0, length)]  # offset and length; two spans never touch, because they would be one

    @property
    def is_whole_free(self) -> bool:
        """Tell whether nothing is taken."""
        return self._spans == [(0, self._length)]

    def take(self, wanted: int) -> int | None:
        """Take a part of this length and return its offset, or None if no free part is as long."""
        for index, (offset, free) in enumerate(self._spans):
            if free > wanted:
                self._spans[index] = (offset + wanted, free - wanted)
                return offset
            if free == wanted:
                del self._spans[index]
                return offset
        return None

    def give_back(self, offset: int, taken: int) -> None:
        """Make a part free that was taken."""
        spans = self._spans
        following = bisect(spans, (offset, 0))
        if following < len(spans) and spans[following][0] == offset + taken:
            taken += spans.pop(following)[1]
        if following and sum(spans[following - 1]) == offset:
            spans[following - 1] = (spans[following - 1][0], spans[following - 1][1] + taken)
        else:
            spans.insert(following, (offset, taken))
