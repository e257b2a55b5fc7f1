"""Tools for texts, which the pool ``text`` serves."""

from __future__ import annotations

from collections import Counter

from snakepit_worker import tool


@tool
def count_words(text: str) -> dict[str, int]:
    """Return how often each word occurs, the most frequent first; raises ValueError for a text without words."""
    words = text.lower().split()
    if not words:
        raise ValueError("the text has no words")
    return dict(Counter(words).most_common())
