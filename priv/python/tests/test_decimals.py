"""Tests which annotations make the worker keep the digits of decimals."""

from __future__ import annotations

import unittest
from decimal import Decimal
from typing import Any, TypedDict

from snakepit_worker.tools.decimals import mentions_decimal


class Priced(TypedDict):
    price: Decimal


class Counted(TypedDict):
    count: int


class MentioningDecimals(unittest.TestCase):
    def test_a_decimal_is_found_wherever_an_annotation_has_it(self) -> None:
        annotations: list[Any] = [Decimal, "Decimal", list[Decimal], Priced, Priced | None, dict[str, list[Priced]]]
        for annotation in annotations:
            with self.subTest(annotation):
                self.assertTrue(mentions_decimal(annotation))

    def test_other_annotations_have_none(self) -> None:
        annotations: list[Any] = [int, "int", Counted, Counted | None, None, Any]
        for annotation in annotations:
            with self.subTest(annotation):
                self.assertFalse(mentions_decimal(annotation))
