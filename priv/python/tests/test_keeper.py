"""Tests that a keeper leaves nothing of what it keeps. Each kept process starts children that try to escape."""

from __future__ import annotations

import os
import signal
import subprocess

from .processes import DEADLINE, ProcessTestCase, environment, eventually, is_running, pipe

_KEPT = """
import os, subprocess, sys, time
from snakepit_worker.process import keeper
keeper.fork_kept_process()

def daemonize(run):
    # The usual two forks: the daemon has a session and an environment of its own, and its parent has ended.
    if (child := os.fork()) == 0:
        os.setsid()
        if os.fork() == 0:
            os.environ.clear()
            run()
        os._exit(0)
    os.waitpid(child, 0)

def say(name, pid):
    os.write(2, f"{name} {pid}\\n".encode())

def sleep():
    say("daemon", os.getpid())
    os.execve("/bin/sleep", ["renamed", "1000"], {})

def sleep_in_many_sessions(left=5):
    os.setsid()
    if left == 0:
        sleep()
    if os.fork() == 0:
        sleep_in_many_sessions(left - 1)
    os._exit(0)

def flee():
    # A chain of processes: each starts the next, in a session of its own, and ends.
    open("/proc/self/comm", "w").write("fleeing")
    os.write(2, b"fleeing 0\\n")
    while True:
        if os.fork() != 0:
            os._exit(0)
        os.setsid()

say("kept", os.getpid())
"""

_DAEMONS = {
    "a daemon without environment": "daemonize(sleep)",
    "a program in its own session without environment": (
        "say('daemon', subprocess.Popen(['/bin/sleep', '1000'], start_new_session=True, env={}).pid)"
    ),
    "a program that a shell has left in the background": (
        "say('daemon', subprocess.run('env -i nohup sleep 1000 >/dev/null 2>&1 & echo $!', shell=True, check=True,"
        " stdout=subprocess.PIPE).stdout.decode().strip())"
    ),
    "a daemon after many forks and sessions": (
        "daemonize(lambda: os.fork() and os._exit(0) or sleep_in_many_sessions())"
    ),
}

_ENDS = {"os._exit(7)": 7, "os.kill(os.getpid(), 9)": 128 + 9, "os.kill(os.getpid(), 11)": 128 + 11}


class Keepers(ProcessTestCase):
    def keep(self, source: str) -> subprocess.Popen[bytes]:
        return self.start("-c", _KEPT + source, stdin=subprocess.PIPE, stderr=subprocess.PIPE)

    def read(self, started: subprocess.Popen[bytes], name: str) -> int:
        """Return the process id that was printed after ``name``. Kill that process at the end of the test."""
        line = pipe(started.stderr).readline().split()
        self.assertEqual(line[0], name.encode())
        pid = int(line[1])
        if pid:
            self.addCleanup(lambda: os.kill(pid, signal.SIGKILL) if is_running(pid) else None)
        return pid

    def test_no_daemon_outlives_the_process_that_has_started_it(self) -> None:
        for daemon, start in _DAEMONS.items():
            for end, code in _ENDS.items():
                with self.subTest(daemon, end=end):
                    started = self.keep(f"{start}\nsys.stdin.buffer.raw.read(1)\n{end}")
                    kept, pid = self.read(started, "kept"), self.read(started, "daemon")
                    self.assertTrue(is_running(pid))
                    pipe(started.stdin).write(b"x")
                    pipe(started.stdin).flush()
                    self.assertEqual(started.wait(DEADLINE), code)
                    self.assertFalse(is_running(pid) or is_running(kept))

    def test_no_daemon_outlives_the_host(self) -> None:
        for daemon, start in _DAEMONS.items():
            with self.subTest(daemon):
                started = self.keep(f"{start}\ntime.sleep(1000)")
                pids = self.read(started, "kept"), self.read(started, "daemon")
                pipe(started.stdin).close()  # the kernel closes this pipe when a host ends
                started.wait(DEADLINE)
                self.assertFalse(any(map(is_running, pids)))

    def test_processes_that_flee_by_forking_are_caught(self) -> None:
        started = self.keep("daemonize(flee)\nsys.stdin.buffer.raw.read(1)")
        self.read(started, "kept")
        self.read(started, "fleeing")
        pipe(started.stdin).write(b"x")
        pipe(started.stdin).flush()
        self.assertEqual(started.wait(DEADLINE), 0)
        self.assertEqual(_named("fleeing"), [])

    def test_ended_daemons_leave_no_zombies(self) -> None:
        started = self.keep(
            "for _ in range(200):\n    subprocess.run('true & true &', shell=True, check=True)\n"
            "say('done', 0)\ntime.sleep(1000)"
        )
        kept = self.read(started, "kept")
        self.read(started, "done")
        self.assertTrue(eventually(lambda: _children(started.pid) == [kept]), _children(started.pid))

    def test_a_keeper_ignores_signals_that_are_meant_for_its_child(self) -> None:
        started = self.keep("sys.stdin.buffer.raw.read(1)\nos._exit(7)")
        self.read(started, "kept")
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP, signal.SIGUSR2):
            os.kill(started.pid, number)
        pipe(started.stdin).write(b"x")
        pipe(started.stdin).flush()
        self.assertEqual(started.wait(DEADLINE), 7)

    def test_threads_that_sitecustomize_has_started_run_in_the_kept_process(self) -> None:
        (self.directory / "sitecustomize.py").write_text(
            "import threading\nthreading.Thread(target=threading.Event().wait, daemon=True).start()\n"
        )
        (self.directory / "kept.py").write_text(
            _KEPT + "import threading\nsay(threading.active_count(), 'SNAKEPIT_KEPT_BY' in os.environ)\nos._exit(7)\n"
        )
        started = self.start(
            str(self.directory / "kept.py"),
            stdin=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env=environment(PYTHONPATH=f"{self.directory}:{environment()['PYTHONPATH']}"),
        )
        self.assertNotEqual(self.read(started, "kept"), started.pid)
        self.assertEqual(pipe(started.stderr).readline(), b"2 False\n")
        os.kill(started.pid, signal.SIGTERM)
        self.assertEqual(started.wait(DEADLINE), 7)

    def test_the_kept_process_has_the_signal_mask_of_its_parent(self) -> None:
        started = self.keep("import signal\nsay(len(signal.pthread_sigmask(signal.SIG_BLOCK, [])), 0)")
        self.read(started, "kept")
        self.read(started, "0")


def _children(pid: int) -> list[int]:
    with open(f"/proc/{pid}/task/{pid}/children") as opened:
        return [int(child) for child in opened.read().split()]


def _named(name: str) -> list[str]:
    return [pid for pid in filter(str.isdigit, os.listdir("/proc")) if _name(pid) == name]


def _name(pid: str) -> str:
    try:
        with open(f"/proc/{pid}/comm") as opened:
            return opened.read().strip()
    except FileNotFoundError:
        return ""
