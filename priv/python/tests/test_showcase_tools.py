"""Tests that the showcase's tools tell the truth about the adapter and its worker, and reach the host."""

from __future__ import annotations

import time
import tomllib
import unittest
from pathlib import Path
from typing import Any

from snakepit_worker import Context
from snakepit_worker.adapters.showcase import ShowcaseAdapter
from snakepit_worker.adapters.showcase.arrays import ArrayShowcase

_PROJECT = Path(__file__).resolve().parents[1] / "pyproject.toml"
_CONTEXT = Context(2, 5, 0)


class RunningCallOfTests:
    """A running call whose host tools return what they are called with."""

    recorder = None

    def is_cancelled(self) -> bool:
        return False

    def call_host(self, tool: str, arguments: dict[str, Any]) -> Any:
        return tool, arguments

    async def call_host_async(self, tool: str, arguments: dict[str, Any]) -> Any:
        raise NotImplementedError


class TellingAboutTheWorker(unittest.TestCase):
    def setUp(self) -> None:
        self.tools = ShowcaseAdapter()

    def test_the_adapter_names_itself_its_version_and_all_its_tools(self) -> None:
        info = self.tools.adapter_info()
        project = tomllib.loads(_PROJECT.read_text(encoding="utf-8"))["project"]
        self.assertEqual((info["name"], info["version"]), ("ShowcaseAdapter", project["version"]))
        self.assertEqual(info["tools"], sorted(info["tools"]))
        self.assertLessEqual({"adapter_info", "ping", "crash", "infinite_stream", "get_counter"}, set(info["tools"]))
        more = ArrayShowcase().adapter_info()
        self.assertEqual(more["name"], "ArrayShowcase")
        self.assertLess(set(info["tools"]), set(more["tools"]))

    def test_memory_and_time_that_are_used_appear_in_the_statistics(self) -> None:
        before = self.tools.stats()
        self.tools.allocate(20, hold=True)
        used = self.tools.cpu_bound(50)
        after = self.tools.stats()
        self.assertAlmostEqual(after["memory_bytes"] - before["memory_bytes"], 20 * 2**20, delta=4 * 2**20)
        self.assertGreaterEqual(after["user_seconds"] + after["system_seconds"], 0.04)
        self.assertGreaterEqual(after["user_seconds"] - before["user_seconds"], 0.03)
        self.assertEqual((before["calls"], after["calls"]), (1, 4))
        self.assertTrue(50 <= used < 500, used)

    def test_cpu_time_is_spent_and_not_waited_for(self) -> None:
        start = time.thread_time()
        used = self.tools.cpu_bound(30)
        self.assertGreaterEqual((time.thread_time() - start) * 1000, used)
        self.assertLess(self.tools.cpu_bound(0), 5)

    def test_a_lightweight_call_returns_the_square(self) -> None:
        self.assertEqual([self.tools.lightweight(i) for i in (-3, 0, 2**40)], [9, 0, 2**80])


class ReachingTheHost(unittest.TestCase):
    def setUp(self) -> None:
        self.tools = ShowcaseAdapter()

    def test_a_host_tool_is_called_with_its_arguments(self) -> None:
        ctx = Context(1, 1, 0, RunningCallOfTests())
        self.assertEqual(self.tools.call_host("a", ctx, {"tool": 1, "b c": [2]}), ("a", {"tool": 1, "b c": [2]}))
        self.assertEqual(self.tools.call_host("b", ctx), ("b", {}))

    def test_the_lines_that_are_logged_are_returned(self) -> None:
        with self.assertLogs("snakepit.tool", "INFO") as logged:
            told = self.tools.telemetry_demo(_CONTEXT, steps=2, step_ms=2)
        self.assertEqual([record.getMessage() for record in logged.records], told["lines"])
        self.assertEqual(told["lines"][0], "call 5 of worker 2 begins 2 steps")
        self.assertRegex(told["lines"][2], r"^call 5: step 2 of 2 took \d+\.\d{3} ms$")
        self.assertTrue(len(told["step_ms"]) == 2 and min(told["step_ms"]) >= 2)
        levels = ["WARNING" if taken >= 4 else "INFO" for taken in told["step_ms"]]
        self.assertEqual([record.levelname for record in logged.records], ["INFO", *levels])
        with self.assertRaisesRegex(ValueError, "a number of steps is 0 to 1,000, not -1"):
            self.tools.telemetry_demo(_CONTEXT, steps=-1)
