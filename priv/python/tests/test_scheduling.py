"""Tests which scheduling policy a worker's process gets. Each test runs a separate process."""

from __future__ import annotations

import unittest

from .processes import run_python

_POLICY = """
import os, subprocess, sys
from snakepit_worker.process import scheduling

{before}
scheduling.become_batch_process()
child = "import os; print(os.sched_getscheduler(0) == {expected})"
print(os.sched_getscheduler(0) == {expected}, subprocess.check_output([sys.executable, "-c", child], text=True).strip())
"""


class Scheduling(unittest.TestCase):
    def test_a_worker_is_a_batch_process_and_so_are_its_children(self):
        self.assertEqual("True True", self._answer("", "os.SCHED_BATCH"))

    def test_a_scheduling_policy_that_was_chosen_before_is_kept(self):
        chosen = "os.sched_setscheduler(0, os.SCHED_IDLE, os.sched_param(0))"
        self.assertEqual("True True", self._answer(chosen, "os.SCHED_IDLE"))

    def test_a_sandbox_that_forbids_it_causes_no_error(self):
        forbidden = """
def forbid(*_):
    raise PermissionError("the sandbox says no")

os.sched_setscheduler = forbid
"""
        self.assertEqual("True True", self._answer(forbidden, "os.SCHED_OTHER"))

    def _answer(self, before: str, expected: str) -> str:
        return run_python(_POLICY.format(before=before, expected=expected)).stdout.strip()
