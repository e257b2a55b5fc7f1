"""Tools of the showcase that filter images: arrays of bytes whose shape is (height, width), perhaps with channels.

At the borders, the two filters differ: a mean is one of the pixels that there are, and a slope continues with the
pixels at the edge, so that a border by itself is no edge.
"""

from __future__ import annotations

from typing import Any

from snakepit_worker import tool

from .counting import CountingAdapter
from .numeric import Pixels, numpy

_DIMENSIONS = (2, 3)
_BRIGHTEST = 255


class ImageTools(CountingAdapter):
    """Tools that filter images."""

    @tool
    def blur(self, image: Pixels, radius: int = 1) -> Pixels:
        """Return the image whose pixels are the means of the squares that reach ``radius`` pixels to each side."""
        self._calls += 1
        np = numpy()
        _check_shape(image)
        if radius < 0:
            raise ValueError(f"a radius is 0 or more, not {radius}")
        radius = min(radius, max(image.shape[:2]))
        sums = _sums(_sums(image.astype(np.int64), radius).swapaxes(0, 1), radius).swapaxes(0, 1)
        rows, columns = (_sums(np.ones(length, np.int64), radius) for length in image.shape[:2])
        counts = np.multiply.outer(rows, columns).reshape(image.shape[:2] + (1,) * (image.ndim - 2))
        return ((2 * sums + counts) // (2 * counts)).astype(np.uint8)  # rounded, a half upwards

    @tool
    def edges(self, image: Pixels) -> Pixels:
        """Return how steep the brightness is at each pixel, by Sobel's operator; 255 stands for all that is steeper."""
        self._calls += 1
        np = numpy()
        _check_shape(image)
        if not image.size:
            return image
        padding = [(1, 1), (1, 1), (0, 0)][: image.ndim]
        wide = np.pad(image.astype(np.int32), padding, mode="edge")
        down = wide[:-2] + 2 * wide[1:-1] + wide[2:]  # the weights across the slope
        along = wide[:, :-2] + 2 * wide[:, 1:-1] + wide[:, 2:]
        to_right = down[:, 2:] - down[:, :-2]
        downwards = along[2:] - along[:-2]
        steepness = np.rint(np.hypot(to_right, downwards))
        return np.minimum(steepness, _BRIGHTEST).astype(np.uint8)


def _check_shape(image: Any) -> None:
    if image.ndim not in _DIMENSIONS:
        raise ValueError(
            f"an image has the shape (height, width) or (height, width, channels), not {tuple(image.shape)}"
        )


def _sums(numbers: Any, radius: int) -> Any:
    """Return for each place in the first dimension the sum of what is at most ``radius`` places away."""
    np = numpy()
    places = np.arange(len(numbers))
    first, end = np.maximum(places - radius, 0), np.minimum(places + radius + 1, len(numbers))
    until = np.concatenate([np.zeros_like(numbers[:1]), numbers.cumsum(axis=0)])
    return until[end] - until[first]
