"""An adapter that makes before the fork what each worker should make for itself in start()."""

from __future__ import annotations

import asyncio
import os
import random
import socket
import sqlite3
import subprocess
import threading
from typing import Any

from snakepit_worker import Adapter, tool

LOOP = asyncio.new_event_loop()
asyncio.set_event_loop(asyncio.new_event_loop())
CONNECTIONS: dict[str, list[Any]] = {"open": [socket.create_server(("127.0.0.1", 0))]}
CLOSED = socket.socket()
CLOSED.close()
DATABASE = sqlite3.connect(os.environ["MARKER"] + ".db")
IN_MEMORY = sqlite3.connect(":memory:")
SOURCE = open(__file__, encoding="utf-8")  # noqa: SIM115
LOCK = threading.Lock()
LOCK.acquire()
FREE_LOCK = threading.Lock()


def _runs() -> Any:
    loop = asyncio.new_event_loop()

    def run(coroutine: Any) -> Any:
        return loop.run_until_complete(coroutine)

    return run


RUNS = _runs()


class Odd(random.Random):
    """Makes numbers that no seed changes."""

    def random(self) -> float:
        return 0.5


ODD = Odd()


class Slotted:
    __slots__ = ("held",)

    def __init__(self) -> None:
        self.held, _ = socket.socketpair()


class Early(Adapter):
    def prepare(self) -> None:
        self._slotted = Slotted()
        self._child = subprocess.Popen(["sleep", "1000"])
        self._written = open(os.environ["MARKER"], "w", encoding="utf-8")  # noqa: SIM115
        self._written.write("written once\n")

    @tool
    def close_file(self) -> None:
        self._written.close()
