"""Tests of arrays that have more dimensions than numpy allows."""

from __future__ import annotations

import struct
import unittest

from snakepit_worker.payloads.attached import Attached, native_with_numpy
from snakepit_worker.payloads.kinds import FLOAT64
from snakepit_worker.tools.arrays import numpy_conversion
from snakepit_worker.tools.conversions import Unfit

from .attached_values import needs_numpy, np

_DIMENSIONS = 70


@needs_numpy
class ManyDimensions(unittest.TestCase):
    def setUp(self) -> None:
        self.deep = Attached(FLOAT64, [1] * _DIMENSIONS, struct.pack("<d", 0.5))

    def test_an_ndarray_is_refused_with_the_reason(self) -> None:
        conversion = numpy_conversion(np.ndarray, ())
        assert conversion is not None
        with self.assertRaises(Unfit) as raised:
            conversion(self.deep)
        self.assertIn("maximum supported dimension", raised.exception.reason)

    def test_without_an_annotation_it_is_a_list(self) -> None:
        found = native_with_numpy(self.deep)
        for _ in range(_DIMENSIONS):
            (found,) = found
        self.assertEqual(found, 0.5)
