"""A tool of the showcase that turns a text into a vector."""

from __future__ import annotations

import importlib
from typing import Any

from snakepit_worker import tool

from .counting import CountingAdapter
from .embedding import Embedder


class VectorTools(CountingAdapter):
    """Tools that make vectors of texts."""

    @tool
    def create_embedding(self, text: str, dimensions: int = 256) -> Any:
        """Return the vector of ``text``: float32 numbers of the length 1, near those of texts with similar words.

        The cosine of two vectors, which is the sum of the products of their elements, tells how near two texts are. The
        vector is an array of numpy, or without numpy one of Python's module array; both arrive as the same array.
        """
        self._calls += 1
        made = Embedder(dimensions).embed(text)
        try:
            np: Any = importlib.import_module("numpy")
        except ImportError:
            return made
        return np.frombuffer(made, np.float32)
