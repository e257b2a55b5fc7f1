"""Helpers that start processes for tests, end them after the test, and check that they have ended."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
import time
import unittest
from collections.abc import Callable
from pathlib import Path
from typing import IO, Any

import snakepit_worker

DEADLINE = 20.0  # seconds; what tests wait for takes milliseconds on an idle machine
_PACKAGE = str(Path(snakepit_worker.__file__).parents[1])


def environment(**more: str) -> dict[str, str]:
    """Return environment variables with which a child process imports the same package; ``more`` are added."""
    return {**os.environ, "PYTHONPATH": _PACKAGE, "PYTHONUNBUFFERED": "", **more}


def run_python(source: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run ``source`` in a new Python process, and wait until it has ended."""
    return subprocess.run(
        [sys.executable, "-P", "-c", source, *arguments],
        env=environment(),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=DEADLINE,
        check=False,
    )


def is_running(pid: int) -> bool:
    """Tell whether a process exists and is not a zombie."""
    try:
        status = Path(f"/proc/{pid}/stat").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return False
    return status.rpartition(")")[2].split()[0] not in ("Z", "X")


def eventually(condition: Callable[[], Any], seconds: float = DEADLINE) -> bool:
    """Wait until ``condition`` is true. Return False if it is still false after ``seconds``."""
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.005)
    return True


def pipe(stream: IO[bytes] | None) -> IO[bytes]:
    """Return ``stream``, a pipe to a child process, which the type checker then knows is not None."""
    assert stream is not None
    return stream


class ProcessTestCase(unittest.TestCase):
    def setUp(self) -> None:
        """Make a directory that is removed after the test."""
        holder = tempfile.TemporaryDirectory(prefix="snakepit-test-")
        self.addCleanup(holder.cleanup)
        self.directory = Path(holder.name)

    def start(self, *command: str, **options: Any) -> subprocess.Popen[bytes]:
        """Start a Python program. At the end of the test, it is killed together with its process group."""
        started: Any = subprocess.Popen([sys.executable, "-P", *command], **{"env": environment(), **options})
        self.addCleanup(self._end, started)
        return started

    def assert_gone(self, *pids: int, within: float = DEADLINE) -> None:
        """Fail unless these processes end in time; kill them if they do not."""
        gone = eventually(lambda: not any(map(is_running, pids)), within)
        left = [pid for pid in pids if is_running(pid)]
        for pid in left:
            os.kill(pid, signal.SIGKILL)
        self.assertTrue(gone, f"still there after {within} s: {left} of {pids}")

    def _end(self, started: subprocess.Popen[bytes]) -> None:
        for kill in (os.killpg, os.kill):
            try:
                kill(started.pid, signal.SIGKILL)
            except ProcessLookupError:
                pass
        started.wait(DEADLINE)
        for pipe in (started.stdin, started.stdout, started.stderr):
            if pipe is not None:
                pipe.close()
