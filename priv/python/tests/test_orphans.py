"""Tests which orphaned processes a template kills. A real process that is a subreaper acts as the template."""

from __future__ import annotations

import unittest

from .processes import run_python

_FAMILY = """
import os, subprocess, sys, time
from snakepit_worker.process import lifeline, orphans

lifeline.become_subreaper()

def worker(leave):
    told, tell = os.pipe()
    pid = os.fork()
    if pid == 0:
        orphans.mark_own()
        # A shell that starts a child and ends at once. The child becomes an orphan when the worker ends.
        script = "sleep 1000 >/dev/null & echo $!"
        child = subprocess.run(["setsid", "sh", "-c", script], stdout=subprocess.PIPE, check=True).stdout
        os.write(tell, child)
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

# A process that carries the mark of a worker of another template.
stranger = subprocess.Popen(["sleep", "1000"], env={**os.environ, "SNAKEPIT_WORKER": "1:99999"})
(dead, orphan), (living, other) = worker(leave=True), worker(leave=False)
os.waitpid(dead, 0)
"""


class Orphans(unittest.TestCase):
    def run_in_family(self, source: str) -> str:
        ran = run_python(_FAMILY + source)
        self.assertEqual("", ran.stderr)
        return ran.stdout

    def test_orphans_of_an_ended_worker_are_killed_and_no_other_processes(self) -> None:
        told = self.run_in_family(
            """
orphans.kill_those_of_ended_workers({living})
print(ends(orphan), is_running(other), is_running(living), is_running(stranger.pid))
orphans.kill_all()
"""
        )
        self.assertEqual("True True True True\n", told)

    def test_an_orphan_that_has_ended_by_itself_can_still_be_reaped(self) -> None:
        told = self.run_in_family(
            """
ended = subprocess.Popen(["true"])
os.waitid(os.P_PID, ended.pid, os.WEXITED | os.WNOWAIT)
orphans.kill_those_of_ended_workers({living})
print(ends(orphan), ended.wait())
orphans.kill_all()
"""
        )
        self.assertEqual("True 0\n", told)

    def test_kill_all_kills_and_reaps_all_descendants(self) -> None:
        told = self.run_in_family(
            """
orphans.kill_all()
print([is_running(pid) for pid in (orphan, other, living, stranger.pid)])
try:
    os.waitpid(-1, 0)
except ChildProcessError:
    print("no child is left")
"""
        )
        self.assertEqual("[False, False, False, False]\nno child is left\n", told)
