"""A tool of the showcase that yields arrays, as a camera does."""

from __future__ import annotations

from collections.abc import Iterator

from snakepit_worker import tool

from .counting import CountingAdapter
from .numeric import Pixels, numpy


class FrameTools(CountingAdapter):
    """Tools that are generators of arrays."""

    @tool
    def stream_frames(self, count: int, height: int = 48, width: int = 64, step: int = 1) -> Iterator[Pixels]:
        """Yield ``count`` images of diagonal stripes, which move ``step`` pixels to the left from image to image.

        The pixel in a row and a column of an image is row + column + step * the image's index, modulo 256.
        """
        self._calls += 1
        np = numpy()
        if min(count, height, width) < 0:
            raise ValueError(f"a count, a height and a width are 0 or more, not {count}, {height} and {width}")
        rows = np.arange(height, dtype=np.int64)[:, np.newaxis]
        columns = np.arange(width, dtype=np.int64)
        for index in range(count):
            yield (rows + columns + step * index % 256).astype(np.uint8)
