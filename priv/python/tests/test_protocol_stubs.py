"""Tests that the type stubs of the protocol's messages are up to date."""

from __future__ import annotations

import importlib.util
import unittest
from pathlib import Path

import snakepit_worker

_DESCRIPTORS = Path(snakepit_worker.__file__).parent / "protocol" / "protocol.binpb"
_GENERATOR = Path(__file__).resolve().parents[3] / "eng" / "protocol_stubs.py"


class Stubs(unittest.TestCase):
    def test_they_are_what_the_generator_makes_of_the_descriptor_set(self) -> None:
        specification = importlib.util.spec_from_file_location("protocol_stubs", _GENERATOR)
        assert specification is not None and specification.loader is not None
        generator = importlib.util.module_from_spec(specification)
        specification.loader.exec_module(generator)
        for path, text in generator.stubs_of(_DESCRIPTORS.read_bytes()).items():
            with self.subTest(path.name):
                self.assertEqual(path.read_text(encoding="utf-8"), text, f"run {_GENERATOR.name} to write it anew")
