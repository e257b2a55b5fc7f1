"""Tests the showcase's filters and streams of images, against what plain loops over all pixels compute."""

from __future__ import annotations

import math
import random
import unittest
from collections.abc import Iterator
from typing import Any

from snakepit_worker.adapters.showcase.arrays import ArrayShowcase

from .attached_values import needs_numpy, np

_SOBEL = ((-1, 0, 1), (-2, 0, 2), (-1, 0, 1))


def _images(shapes: int) -> Iterator[Any]:
    source = random.Random(5)
    for _ in range(shapes):
        shape = [source.randint(1, 7), source.randint(1, 7), *([source.randint(1, 4)] if source.random() < 0.5 else [])]
        made = np.frombuffer(source.randbytes(math.prod(shape)), np.uint8).reshape(shape)
        yield made if source.random() < 0.5 else np.ascontiguousarray(made[::-1])[::-1]  # in another order in memory


def _planes(image: Any) -> list[list[list[int]]]:
    planes = image[:, :, np.newaxis] if image.ndim == 2 else image
    return [planes[:, :, channel].tolist() for channel in range(planes.shape[2])]


def _blurred(plane: list[list[int]], radius: int) -> list[list[int]]:
    height, width = len(plane), len(plane[0])

    def mean(y: int, x: int) -> int:
        rows = plane[max(y - radius, 0) : y + radius + 1]
        near = [pixel for row in rows for pixel in row[max(x - radius, 0) : x + radius + 1]]
        return math.floor(sum(near) / len(near) + 0.5)

    return [[mean(y, x) for x in range(width)] for y in range(height)]


def _steep(plane: list[list[int]]) -> list[list[int]]:
    height, width = len(plane), len(plane[0])

    def pixel(y: int, x: int) -> int:
        return plane[min(max(y, 0), height - 1)][min(max(x, 0), width - 1)]

    def steepness(y: int, x: int) -> int:
        places = [(down, right) for down in range(3) for right in range(3)]
        across = sum(_SOBEL[down][right] * pixel(y + down - 1, x + right - 1) for down, right in places)
        along = sum(_SOBEL[right][down] * pixel(y + down - 1, x + right - 1) for down, right in places)
        return min(255, round(math.hypot(across, along)))

    return [[steepness(y, x) for x in range(width)] for y in range(height)]


@needs_numpy
class FilteringImages(unittest.TestCase):
    def setUp(self) -> None:
        self.tools = ArrayShowcase()

    def assert_image(self, found: Any, shape: tuple[int, ...], planes: list[list[list[int]]]) -> None:
        self.assertEqual((found.dtype.name, found.shape), ("uint8", shape))
        self.assertEqual(_planes(found), planes)

    def test_a_blurred_pixel_is_the_mean_of_the_pixels_around_it(self) -> None:
        spot = np.zeros((3, 4), np.uint8)
        spot[0, 0] = 180
        self.assertEqual(self.tools.blur(spot).tolist(), [[45, 30, 0, 0], [30, 20, 0, 0], [0, 0, 0, 0]])
        self.assertEqual(self.tools.blur(np.array([[0, 1]], np.uint8)).tolist(), [[1, 1]])  # a half is rounded upwards

    def test_images_of_any_shape_are_blurred_as_a_loop_does_it(self) -> None:
        for image in _images(60):
            for radius in (0, 1, 2, 9, 10**30):
                with self.subTest(shape=image.shape, radius=radius):
                    expected = [_blurred(plane, min(radius, 9)) for plane in _planes(image)]
                    self.assert_image(self.tools.blur(image, radius), image.shape, expected)

    def test_an_edge_is_where_the_brightness_changes(self) -> None:
        halves = np.array([[10, 10, 20, 20]] * 2, np.uint8)
        self.assertEqual(self.tools.edges(halves).tolist(), [[0, 40, 40, 0]] * 2)
        self.assertEqual(self.tools.edges(halves.T).tolist(), [[0, 0], [40, 40], [40, 40], [0, 0]])
        self.assertEqual(self.tools.edges(halves * 12).tolist(), [[0, 255, 255, 0]] * 2)

    def test_edges_of_images_of_any_shape_are_found_as_a_loop_does_it(self) -> None:
        for image in _images(60):
            with self.subTest(shape=image.shape):
                self.assert_image(self.tools.edges(image), image.shape, list(map(_steep, _planes(image))))

    def test_an_image_without_pixels_stays_as_it_is(self) -> None:
        for shape in ((0, 0), (0, 3), (3, 0), (3, 4, 0), (0, 4, 3)):
            image = np.zeros(shape, np.uint8)
            self.assertEqual(self.tools.blur(image, 2).shape, shape)
            self.assertEqual(self.tools.edges(image).shape, shape)

    def test_what_is_no_image_is_refused(self) -> None:
        for shape in ((4,), (1, 2, 3, 4)):
            for filtered in (self.tools.blur, self.tools.edges):
                with self.assertRaisesRegex(ValueError, r"an image has the shape \(height, width\) or .*, not \("):
                    filtered(np.zeros(shape, np.uint8))
        with self.assertRaisesRegex(ValueError, "a radius is 0 or more, not -1"):
            self.tools.blur(np.zeros((2, 2), np.uint8), -1)


@needs_numpy
class StreamingFrames(unittest.TestCase):
    def setUp(self) -> None:
        self.tools = ArrayShowcase()

    def test_the_stripes_move_from_frame_to_frame(self) -> None:
        frames = list(self.tools.stream_frames(3, height=2, width=3, step=254))
        self.assertEqual([frame.dtype.name for frame in frames], ["uint8"] * 3)
        self.assertEqual(
            [frame.tolist() for frame in frames],
            [[[0, 1, 2], [1, 2, 3]], [[254, 255, 0], [255, 0, 1]], [[252, 253, 254], [253, 254, 255]]],
        )

    def test_no_frame_changes_when_the_next_one_is_made(self) -> None:
        frames = self.tools.stream_frames(2, step=-1)
        first = next(frames)
        self.assertEqual((first.shape, next(frames)[0, 0], first[0, 0]), ((48, 64), 255, 0))

    def test_a_stream_may_be_empty_but_not_shorter(self) -> None:
        self.assertEqual(list(self.tools.stream_frames(0)), [])
        for sizes in ({"count": -1}, {"count": 1, "height": -1}, {"count": 1, "width": -1}):
            with self.assertRaisesRegex(ValueError, "0 or more"):
                next(self.tools.stream_frames(**sizes))
