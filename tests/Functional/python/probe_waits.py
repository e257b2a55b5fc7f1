"""Tools that wait in different ways. A cancellation must be able to end each of these waits."""

from __future__ import annotations

import ctypes
import os
import socket
import subprocess
import threading
import time
from typing import NoReturn

from probe_marks import mark

from snakepit_worker import tool


@tool
def busy_loop(marker: str = "") -> NoReturn:
    mark(marker)
    while True:
        pass


@tool
def sleep_wait(marker: str = "") -> None:
    mark(marker)
    time.sleep(1000)


@tool
def lock_wait(marker: str = "") -> None:
    lock = threading.Lock()
    lock.acquire()
    mark(marker)
    lock.acquire()


@tool
def socket_wait(marker: str = "") -> bytes:
    ours, _theirs = socket.socketpair()
    mark(marker)
    return ours.recv(1)


@tool
def subprocess_wait(marker: str = "") -> None:
    mark(marker)
    subprocess.run(["sleep", "1000"], check=True)


@tool
def hang(marker: str = "") -> NoReturn:
    mark(marker)
    while True:
        time.sleep(1000)


@tool
def slow_call(ms: float) -> None:
    time.sleep(ms / 1000)


@tool
def hold_the_gil(ms: int) -> None:
    """Sleep in C code that holds the GIL, so that no other thread runs Python code."""
    ctypes.PyDLL(None).usleep(ms * 1000)


@tool
def hold_the_gil_later(gate: str) -> None:
    """Return at once. Once the file ``gate`` exists, hold the GIL for ever, so that no Python code runs any more."""

    def hold() -> None:
        while not os.path.exists(gate):
            time.sleep(0.002)
        ctypes.PyDLL(None).pause()

    threading.Thread(target=hold, daemon=True).start()


@tool
def until(gate: str, marker: str = "") -> str:
    """Return once the file ``gate`` exists."""
    mark(marker)
    while not os.path.exists(gate):
        time.sleep(0.002)
    return "opened"
