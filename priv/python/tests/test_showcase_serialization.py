"""Tests that the showcase's awkward values are sent exactly, and that a change of any of them is noticed."""

from __future__ import annotations

import datetime
import typing
import unittest
from array import array
from decimal import Decimal
from typing import Any

from snakepit_worker.adapters.showcase.arrays import ArrayShowcase
from snakepit_worker.adapters.showcase.serialization import Awkward

from .attached_values import needs_numpy, np, returned


@needs_numpy
class SendingAwkwardValues(unittest.TestCase):
    def setUp(self) -> None:
        self.tools = ArrayShowcase()
        self.values: Any = self.tools.serialization_demo()["values"]

    def test_values_are_the_same_as_themselves(self) -> None:
        self.assertEqual(self.tools.serialization_demo(self.values)["changed"], [])

    def test_every_change_is_noticed(self) -> None:
        changes: dict[str, Any] = {
            "truth": 1,
            "whole": 5,
            "zero": 0.0,
            "nan": 1.0,
            "turned": complex(1, 0.0),
            "content": b"",
            "view": memoryview(array("q", [-(2**31), 2**31 - 1])),
            "numbers": array("i", [-(2**15), 2**15 - 1]),
            "grid": self.values["grid"].astype(np.float64),
            "flags": self.values["flags"].reshape(1, 2),
            "price": Decimal("1234567890.1"),
            "moment": self.values["moment"].replace(tzinfo=None),
            "duration": datetime.timedelta(days=-1),
            "pair": [2**53 + 1, ""],
            "names": frozenset({"", "a", "A"}),
            "squares": {-1: 1},
        }
        found = self.tools.serialization_demo(self.values | changes)
        self.assertEqual(set(found["changed"]), set(changes))

    def test_every_value_is_sent_and_its_annotation_can_be_read(self) -> None:
        self.assertEqual(set(returned(self.values)), set(self.values))
        self.assertEqual(set(typing.get_type_hints(Awkward)), set(self.values))
