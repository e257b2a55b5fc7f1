"""Tests that constants in Python have the same values as in the C# source files, which the tests read."""

from __future__ import annotations

import math
import re
import unittest
from pathlib import Path

from snakepit_worker.boot.failure import EXIT_REPORTED, EXIT_UNREPORTED
from snakepit_worker.boot.settings import Settings
from snakepit_worker.dispatch import concurrent, host_call_frames
from snakepit_worker.interrupts import main_thread
from snakepit_worker.memory.files import SMALLEST_SHARED
from snakepit_worker.payloads.limits import MAX_DEPTH
from snakepit_worker.process import stack_dump
from snakepit_worker.process.exit import EXIT_SYSTEM_LIMIT
from snakepit_worker.protocol.framing import FRAME_OVERHEAD

_CSHARP = Path(__file__).resolve().parents[3] / "src" / "Snakepit"


def declared_in_csharp(pattern: str) -> str:
    """Return the group of ``pattern`` in its only match in the C# source files."""
    texts = (path.read_text(encoding="utf-8") for path in _CSHARP.rglob("*.cs"))
    found = [match for text in texts for match in re.findall(pattern, text)]
    if len(found) != 1:
        raise AssertionError(f"expected one match of {pattern!r} in {_CSHARP}, found {found}: was it renamed in C#?")
    return str(found[0])


def int_in_csharp(name: str) -> int:
    """Return the value of the integer constant ``name``, which may be written as a product such as ``64 * 1024``."""
    product = declared_in_csharp(rf"\bconst int {name} = ([\d_ *]+);")
    return math.prod(int(factor) for factor in product.split("*"))


class SharedConstants(unittest.TestCase):
    def test_the_exit_codes_of_a_process_that_cannot_start(self) -> None:
        self.assertEqual(EXIT_REPORTED, int_in_csharp("ExitReported"))
        self.assertEqual(EXIT_UNREPORTED, int_in_csharp("ExitUnreported"))
        self.assertEqual(EXIT_SYSTEM_LIMIT, int_in_csharp("ExitSystemLimit"))

    def test_the_bytes_that_a_frame_may_have_beyond_its_payload(self) -> None:
        self.assertEqual(FRAME_OVERHEAD, int_in_csharp("FrameOverhead"))

    def test_from_how_many_bytes_on_an_array_lies_in_shared_memory(self) -> None:
        self.assertEqual(SMALLEST_SHARED, int_in_csharp("SmallestShared"))

    def test_how_deeply_values_may_be_nested(self) -> None:
        self.assertEqual(MAX_DEPTH, int_in_csharp("MaxDepth"))

    def test_the_longest_name_of_a_host_tool(self) -> None:
        # The limit is the first constant of the C# class that checks names.
        declared = declared_in_csharp(r"\bclass Identifier\n\{[^;]*const int \w+ = (\d+);")
        self.assertEqual(host_call_frames._LONGEST_NAME, int(declared))

    def test_the_signal_that_asks_for_a_stack(self) -> None:
        self.assertEqual(stack_dump.SHOW_STACK, int_in_csharp("ShowStackAndEnd"))

    def test_the_pause_between_repetitions_of_a_cancellation(self) -> None:
        milliseconds = declared_in_csharp(r"\bCancelRepeat = TimeSpan\.FromMilliseconds\((\d+)\)")
        self.assertEqual(concurrent._REPEAT_AFTER * 1000, int(milliseconds))

    def test_the_number_that_announces_sigterm(self) -> None:
        self.assertEqual(declared_in_csharp(r"\bconst ulong SigtermFollows = (.+);"), "ulong.MaxValue")
        self.assertEqual(main_thread._SIGTERM_FOLLOWS, 2**64 - 1)

    def test_the_name_of_a_workers_socket(self) -> None:
        name = declared_in_csharp(r'\$"(\{worker\}\.sock)"')
        settings = Settings(["control=c", "directory=d", "adapter=a", "transport=t", "max_payload=1", "worker=7"])
        self.assertEqual(settings.socket_of(7), "d/" + name.replace("{worker}", "7"))
