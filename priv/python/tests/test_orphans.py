"""Which orphans are killed, with real processes; a subreaper of its own stands for the template."""

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
        # A shell that leaves its own child behind at once: that one is this process's to look after.
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

# As if this process came from a tool of somebody else's pool.
stranger = subprocess.Popen(["sleep", "1000"], env={**os.environ, "SNAKEPIT_WORKER": "1:99999"})
(dead, orphan), (living, other) = worker(leave=True), worker(leave=False)
os.waitpid(dead, 0)
"""


class Orphans(unittest.TestCase):
    def run_in_family(self, source: str) -> str:
        ran = run_python(_FAMILY + source)
        self.assertEqual("", ran.stderr)
        return ran.stdout

    def test_those_of_a_dead_worker_are_killed_and_no_others(self) -> None:
        told = self.run_in_family(
            """
orphans.kill_those_of_ended_workers({living})
print(ends(orphan), is_running(other), is_running(living), is_running(stranger.pid))
orphans.kill_all()
"""
        )
        self.assertEqual("True True True True\n", told)

    def test_one_that_has_ended_itself_is_left_to_be_reaped(self) -> None:
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

    def test_in_the_end_all_are_killed_and_reaped(self) -> None:
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
