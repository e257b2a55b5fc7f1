"""Tests that the modules of the package come from the bundle that the build has made, and only as long as they fit."""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

import snakepit_worker

_MAKER = Path(__file__).parents[3] / "eng" / "bundle_package.py"
_PROGRAM = """
import snakepit_worker.dispatch.sequential as found
from snakepit_worker import bundle
code = found.SequentialDispatcher.serve.__code__
print(type(found.__loader__).__name__, found.__file__ == code.co_filename, getattr(found, "CHANGED", None))
bundle.forget()
import snakepit_worker.dispatch.concurrent as later
print(type(later.__loader__).__name__)
"""


class Bundles(unittest.TestCase):
    def setUp(self) -> None:
        self.directory = Path(tempfile.mkdtemp())
        self.addCleanup(shutil.rmtree, self.directory)
        self.package = self.directory / "snakepit_worker"
        shutil.copytree(snakepit_worker.__path__[0], self.package)
        for command in (["-m", "compileall", "-q"], [str(_MAKER)]):
            subprocess.run([sys.executable, *command, str(self.directory)], check=True)
        self.bundle = next((self.package / "__pycache__").glob("all_modules.*.pyc"))

    def imported(self) -> list[str]:
        done = subprocess.run(
            [sys.executable, "-P", "-c", _PROGRAM],
            env={"PYTHONPATH": str(self.directory)},
            capture_output=True,
            text=True,
            check=True,
        )
        return done.stdout.splitlines()

    def test_modules_come_from_the_bundle_with_their_own_paths_until_it_is_forgotten(self) -> None:
        self.assertEqual(self.imported(), ["_Bundle True None", "SourceFileLoader"])

    def test_a_module_that_has_changed_since_does_not(self) -> None:
        with open(self.package / "dispatch" / "sequential.py", "a") as source:
            source.write("\nCHANGED = True\n")
        self.assertEqual(self.imported(), ["SourceFileLoader True True", "SourceFileLoader"])

    def test_without_a_bundle_or_with_a_damaged_one_all_modules_have_files_of_their_own(self) -> None:
        whole = self.bundle.read_bytes()
        for content in (whole[: len(whole) // 2], b"", b"no bundle at all"):
            self.bundle.write_bytes(content)
            self.assertEqual(self.imported(), ["SourceFileLoader True None", "SourceFileLoader"])
        self.bundle.unlink()
        self.assertEqual(self.imported(), ["SourceFileLoader True None", "SourceFileLoader"])
