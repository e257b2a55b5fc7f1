"""Processes for tests. Each has a deadline, and tests can check that it has ended."""

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

DEADLINE = 20.0  # seconds, for what takes milliseconds on an idle machine
_PACKAGE = str(Path(snakepit_worker.__file__).parents[1])


def environment(**more: str) -> dict[str, str]:
    """Return an environment in which a child finds the same package."""
    return {**os.environ, "PYTHONPATH": _PACKAGE, "PYTHONUNBUFFERED": "", **more}


def run_python(source: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run ``source`` in a fresh interpreter to its end."""
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
    """Tell whether a process exists and is no zombie."""
    try:
        status = Path(f"/proc/{pid}/stat").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return False
    return status.rpartition(")")[2].split()[0] not in ("Z", "X")


def eventually(condition: Callable[[], Any], seconds: float = DEADLINE) -> bool:
    """Wait until ``condition`` is true; return False if it is not in time."""
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.005)
    return True


def pipe(stream: IO[bytes] | None) -> IO[bytes]:
    """Return a stream of a process that was started with a pipe for it."""
    assert stream is not None
    return stream


class ProcessTestCase(unittest.TestCase):
    def setUp(self) -> None:
        """Make a directory that is removed after the test."""
        holder = tempfile.TemporaryDirectory(prefix="snakepit-test-")
        self.addCleanup(holder.cleanup)
        self.directory = Path(holder.name)

    def start(self, *command: str, **options: Any) -> subprocess.Popen[bytes]:
        """Start a program that is killed, with its group, at the end of the test at the latest."""
        started: Any = subprocess.Popen([sys.executable, "-P", *command], env=environment(), **options)
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
