"""An adapter whose tools go on or not when their process gets a signal."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import threading
import time

from probe_marks import mark

from snakepit_worker import tool

concurrent = True


def _slow_if_wanted() -> None:
    if flag := os.environ.get("PROBE_PREPARING"):
        mark(flag)
        while not os.path.exists(flag + ".go"):
            time.sleep(0.01)


def prepare() -> None:
    _slow_if_wanted()


@tool
def work(how: str, marker: str, gate: str) -> str:
    """Work until the file ``gate`` exists."""
    lock = threading.Lock()
    lock.acquire()
    mark(marker)
    while not os.path.exists(gate):
        if how == "sleep":
            time.sleep(0.05)
        elif how == "lock":
            lock.acquire(timeout=0.05)
        elif how == "python":
            sum(range(1000))
    return "done"


@tool
async def work_async(marker: str, gate: str) -> str:
    mark(marker)
    while not os.path.exists(gate):
        await asyncio.sleep(0.01)
    return "done"


@tool
def handle(number: int, marker: str, noted: str) -> None:
    """Handle a signal until it has arrived."""
    arrived = threading.Event()
    signal.signal(number, lambda *_: (mark(noted, str(number)), arrived.set()))
    mark(marker)
    while not arrived.is_set():
        time.sleep(0.05)


@tool
def signal_program(number: int) -> int:
    """Signal a program that this worker has started, and return its exit code."""
    program = subprocess.Popen(["sleep", "1000"])
    program.send_signal(number)
    return program.wait()


@tool
def pid() -> int:
    return os.getpid()
