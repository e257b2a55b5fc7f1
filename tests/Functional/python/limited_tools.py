"""An adapter whose tools use memory, processor time and files, and tell the limits of their worker."""

from __future__ import annotations

import os
import resource
import subprocess
import sys
import tempfile
import time
from contextlib import ExitStack

from snakepit_worker import tool

_LIMITS = (resource.RLIMIT_DATA, resource.RLIMIT_CPU, resource.RLIMIT_NOFILE)
_TELL = """
import os, resource
print([resource.getrlimit(limit)[0] for limit in {}], os.getpriority(os.PRIO_PROCESS, 0), oct(os.umask(0)))
"""


@tool
def allocate(mb: int) -> int:
    return len(bytearray(mb * 1024 * 1024))


@tool
def size(data: memoryview) -> int:
    return data.nbytes


@tool
def burn(seconds: float) -> float:
    until = time.process_time() + seconds
    while time.process_time() < until:
        pass
    return seconds


@tool
def open_files(count: int) -> int:
    with ExitStack() as opened:
        for _ in range(count):
            opened.enter_context(open(os.devnull))
        return count


@tool
def mode_of_new_file() -> str:
    with tempfile.TemporaryDirectory() as directory:
        path = os.path.join(directory, "made")
        with open(path, "w"):
            return oct(os.stat(path).st_mode & 0o777)


@tool
def limits() -> str:
    before = os.umask(0)
    os.umask(before)
    return f"{[resource.getrlimit(n)[0] for n in _LIMITS]} {os.getpriority(os.PRIO_PROCESS, 0)} {oct(before)}"


@tool
def limits_of_program() -> str:
    """Return what ``limits`` returns, for a program that this worker starts."""
    return subprocess.run(
        [sys.executable, "-c", _TELL.format(_LIMITS)], check=True, capture_output=True, text=True
    ).stdout.strip()


@tool
def group_of_program() -> str:
    """Return what a program that this tool starts says of its control groups."""
    return subprocess.run(["cat", "/proc/self/cgroup"], capture_output=True, check=True, text=True).stdout
