"""Tests the lifeline: when a host is killed, all of its Python processes end, whatever they are doing."""

from __future__ import annotations

import os
import signal
import subprocess

from .processes import ProcessTestCase, is_running, pipe

# A script that acts as the host: it runs the Python source in its first argument as a process whose standard input is a
# lifeline, and waits for the exit of that process.
_HOST = """
import subprocess, sys
held = subprocess.Popen([sys.executable, "-P", "-c", sys.argv[1]], stdin=subprocess.PIPE)
held.wait()
"""

# A script whose process acts as a template and forks a worker into another process group. The worker starts a child.
# The process ids of all three are printed.
_FAMILY = """
import ctypes, os, signal, subprocess, sys, time
from snakepit_worker.process import lifeline

def be_busy(name):
    os.write(1, f"{name} {os.getpid()}\\n".encode())
    BUSY

tied = lifeline.adopt_standard_input()
lifeline.become_subreaper()
template = os.getpid()
if os.fork() == 0:
    lifeline.adopt_in_fork(tied, template)
    child = subprocess.Popen(["sleep", "1000"])
    os.write(1, f"child {child.pid}\\n".encode())
    be_busy("worker")
be_busy("template")
"""

_WAYS_TO_BE_BUSY = {
    "asleep": "time.sleep(1000)",
    "in a loop": "while True: pass",
    "in C code that holds the GIL": "ctypes.PyDLL(None).sleep(1000)",
    "with every signal blocked": "signal.pthread_sigmask(signal.SIG_BLOCK, signal.valid_signals()); time.sleep(1000)",
}


class AHostThatIsKilled(ProcessTestCase):
    def family(self, busy: str) -> tuple[int, dict[str, int]]:
        """Start a host, its template, a worker and the worker's child. Return the host's process id and the others'."""
        host = self.start("-c", _HOST, _FAMILY.replace("BUSY", busy), stdout=subprocess.PIPE)
        lines = [pipe(host.stdout).readline().decode().split() for _ in range(3)]
        pids = {name: int(pid) for name, pid in lines}
        self.addCleanup(lambda: [os.kill(pid, signal.SIGKILL) for pid in pids.values() if is_running(pid)])
        self.assertEqual(pids.keys(), {"template", "worker", "child"})
        return host.pid, pids

    def test_everything_that_a_killed_host_has_started_is_gone_within_a_second(self) -> None:
        for name, busy in _WAYS_TO_BE_BUSY.items():
            with self.subTest(name):
                host, pids = self.family(busy)
                os.kill(host, signal.SIGKILL)
                self.assert_gone(*pids.values(), within=1)

    def test_a_worker_and_its_child_are_in_a_process_group_that_the_worker_leads(self) -> None:
        _, pids = self.family("time.sleep(1000)")
        groups = {name: os.getpgid(pid) for name, pid in pids.items()}
        self.assertEqual(groups, {"template": pids["template"], "worker": pids["worker"], "child": pids["worker"]})

    def test_a_worker_ends_with_its_template(self) -> None:
        _, pids = self.family("time.sleep(1000)")
        os.kill(pids["template"], signal.SIGKILL)
        self.assert_gone(pids["template"], pids["worker"], within=1)

    def test_a_process_ends_too_if_its_host_has_ended_before_it_took_the_lifeline(self) -> None:
        source = "import sys; sys.stdin.buffer.read(); from snakepit_worker.process import lifeline\n"
        late = self.start("-c", source + "lifeline.adopt_standard_input(); print('alive')", stdin=subprocess.PIPE)
        pipe(late.stdin).close()
        self.assertEqual(late.wait(20), -signal.SIGKILL)

    def test_standard_input_is_empty_after_the_lifeline_was_taken_from_it(self) -> None:
        source = "import sys; from snakepit_worker.process.lifeline import adopt_standard_input as adopt\n"
        source += "print(adopt() >= 10, sys.stdin.read())"
        process = self.start("-c", source, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        self.assertEqual(pipe(process.stdout).read(), b"True \n")
        self.assertEqual(process.wait(20), 0)
