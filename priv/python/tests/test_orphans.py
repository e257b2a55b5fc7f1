"""Tests which orphaned processes a template kills. A real process that is a subreaper acts as the template."""

from __future__ import annotations

import unittest

from .processes import run_python

_FAMILY = """
import os, resource, subprocess, sys, time
from snakepit_worker.process import lifeline, orphans, origins
from snakepit_worker.process.children import ChildWatch

lifeline.become_subreaper()
marks = origins.Origins()
watch = ChildWatch()

def worker(number, leave):
    told, tell = os.pipe()
    pid = os.fork()
    if pid == 0:
        assert marks.mark_own(number)
        # A shell that starts a child and ends at once. The child becomes an orphan when the worker ends.
        script = "sleep 1000 >/dev/null & echo $!"
        started = subprocess.run(["setsid", "sh", "-c", script], stdout=subprocess.PIPE, check=True, env={})
        os.write(tell, started.stdout)
        if leave:
            os._exit(0)
        time.sleep(1000)
    return pid, int(os.read(told, 100))

def is_running(pid):
    try:
        return open(f"/proc/{pid}/stat").read().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False

def ends(pid):
    for _ in range(2000):
        if not is_running(pid):
            return True
        time.sleep(0.005)
    return False

def kill_all():
    watch.start()
    return orphans.kill_all(watch, lambda pid, status: None, 20)

own = subprocess.Popen(["sleep", "1000"])  # comes from no worker
(dead, orphan), (living, other) = worker(1, leave=True), worker(2, leave=False)
os.waitpid(dead, 0)
alive = {origins.number_of(2)}
"""


class Orphans(unittest.TestCase):
    def run_in_family(self, source: str) -> str:
        ran = run_python(_FAMILY + source)
        self.assertEqual("", ran.stderr)
        return ran.stdout

    def test_orphans_of_an_ended_worker_are_killed_and_no_other_processes(self) -> None:
        told = self.run_in_family(
            """
orphans.kill_those_of_ended_workers(marks, {living}, alive)
print(ends(orphan), is_running(other), is_running(living), is_running(own.pid))
kill_all()
"""
        )
        self.assertEqual("True True True True\n", told)

    def test_an_orphan_that_has_ended_by_itself_can_still_be_reaped(self) -> None:
        told = self.run_in_family(
            """
ended = subprocess.Popen(["true"])
os.waitid(os.P_PID, ended.pid, os.WEXITED | os.WNOWAIT)
orphans.kill_those_of_ended_workers(marks, {living}, alive)
print(ends(orphan), ended.wait())
kill_all()
"""
        )
        self.assertEqual("True 0\n", told)

    def test_kill_all_kills_and_reaps_all_descendants(self) -> None:
        told = self.run_in_family(
            """
print(kill_all(), [is_running(pid) for pid in (orphan, other, living, own.pid)])
try:
    os.waitpid(-1, 0)
except ChildProcessError:
    print("no child is left")
"""
        )
        self.assertEqual("[] [False, False, False, False]\nno child is left\n", told)


class Origins(unittest.TestCase):
    def test_a_template_knows_its_worker_below_three_levels_of_pools(self) -> None:
        ran = run_python(
            """
import os
from snakepit_worker.process.origins import Origins, number_of
me, levels = os.getpid(), []
for worker in (7, 8, 9):
    levels.append((Origins(), number_of(worker)))
    assert levels[-1][0].worker_of(me) is None
    assert levels[-1][0].mark_own(worker)
    assert [marks.worker_of(me) == number for marks, number in levels] == [True] * len(levels)
print(Origins().mark_own(10), [marks.worker_of(me) == number for marks, number in levels])
"""
        )
        self.assertEqual(("False [True, True, True]\n", ""), (ran.stdout, ran.stderr))

    def test_a_limit_that_is_no_mark_is_left_as_it_is(self) -> None:
        ran = run_python(
            """
import os, resource
from snakepit_worker.process.origins import Origins
resource.setrlimit(resource.RLIMIT_RTTIME, (200_000, 200_000))
marks = Origins()
print(marks.mark_own(1), resource.getrlimit(resource.RLIMIT_RTTIME), marks.worker_of(os.getpid()))
"""
        )
        self.assertEqual(("False (200000, 200000) None\n", ""), (ran.stdout, ran.stderr))

    def test_numbers_of_workers_that_are_too_large_stay_marks(self) -> None:
        ran = run_python(
            """
import os
from snakepit_worker.process.origins import Origins, number_of
marks = Origins()
print(marks.mark_own(5_000_000), marks.worker_of(os.getpid()) == number_of(5_000_000), marks.worker_of(99_999_999))
"""
        )
        self.assertEqual(("True True None\n", ""), (ran.stdout, ran.stderr))
