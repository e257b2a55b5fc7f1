"""Tools that start other processes and leave them behind."""

from __future__ import annotations

import os
import subprocess
import time
from typing import NoReturn

from probe_marks import mark

from snakepit_worker import tool


@tool
def spawn_child(marker: str = "") -> int:
    child = subprocess.Popen(["sleep", "1000"])
    mark(marker, str(child.pid))
    return child.pid


@tool
def spawn_session(marker: str = "") -> int:
    """Start a child process that leaves the worker's process group and starts another child process."""
    child = subprocess.Popen(["sh", "-c", "sleep 1000; true"], start_new_session=True)
    mark(marker, str(child.pid))
    return child.pid


@tool
def fork_session() -> int:
    """Fork a child process that leaves the worker's process group and does not execute another program."""
    child = os.fork()
    if child == 0:
        os.setsid()
        while True:
            time.sleep(1000)
    return child


@tool
def spawn_child_and_hang(marker: str = "") -> NoReturn:
    child = subprocess.Popen(["sleep", "1000"])
    mark(marker, str(child.pid))
    while True:
        time.sleep(1000)


@tool
def spawn_child_and_exit(marker: str = "") -> NoReturn:
    child = subprocess.Popen(["sleep", "1000"])
    mark(marker, str(child.pid))
    os._exit(4)
