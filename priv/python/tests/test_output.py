"""Tests that the output of a process is redirected to standard error, and is complete when the process ends."""

from __future__ import annotations

import unittest

from .processes import run_python

_REDIRECTED = """
import ctypes, os, subprocess, sys
from snakepit_worker.process import output
output.redirect_to_standard_error()
"""


class RedirectedOutput(unittest.TestCase):
    def stderr(self, source: str, status: int = 0) -> str:
        """Run ``source`` with its output redirected, and return what arrived at standard error.

        Fails if anything arrived at standard output.
        """
        ended = run_python(_REDIRECTED + source)
        self.assertEqual((ended.returncode, ended.stdout), (status, ""), ended.stderr)
        return ended.stderr

    def test_everything_that_is_printed_arrives_at_standard_error(self) -> None:
        source = "print('out'); print('err', file=sys.stderr); os.write(1, b'raw\\n'); subprocess.call(['echo', 'c'])"
        self.assertEqual(self.stderr(source).splitlines(), ["out", "err", "raw", "c"])

    def test_a_printed_line_is_written_at_once_even_if_the_process_then_exits_without_flushing(self) -> None:
        self.assertEqual(self.stderr("print('last words'); os._exit(3)", status=3), "last words\n")

    def test_a_line_that_c_code_prints_is_written_at_once_too(self) -> None:
        source = "ctypes.CDLL(None).printf(b'from C\\n'); os._exit(3)"
        self.assertEqual(self.stderr(source, status=3), "from C\n")

    def test_what_was_printed_before_is_not_lost(self) -> None:
        ended = run_python("import sys; sys.stdout.write('before')\n" + _REDIRECTED + "print('after')")
        self.assertEqual((ended.stdout, ended.stderr), ("before", "after\n"))

    def test_any_text_can_be_printed_whatever_the_locale_says(self) -> None:
        self.assertEqual(self.stderr("print('漢 half \\ud83d')"), "漢 half \\ud83d\n")

    def test_exit_now_writes_unfinished_lines_of_python_and_of_c(self) -> None:
        source = (
            "from snakepit_worker.process.exit import exit_now\n"
            "sys.stdout.write('half')\nctypes.CDLL(None).printf(b' and half')\nexit_now(4)"
        )
        self.assertEqual(self.stderr(source, status=4), "half and half")

    def test_exit_now_ends_the_process_even_if_nothing_can_be_written(self) -> None:
        for unwritable in (
            "sys.stdout.close()",
            "sys.stdout = None",
            "sys.stdout = object()",
            "os.close(1); os.close(2)",
        ):
            with self.subTest(unwritable):
                source = "from snakepit_worker.process.exit import exit_now\nsys.stdout.write('half')\n"
                self.stderr(f"{source}{unwritable}\nexit_now(5)", status=5)
