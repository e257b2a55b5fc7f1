"""An adapter with an async tool that replaces, in the way that the variable HOW names, what an event loop needs."""

from __future__ import annotations

import os
import socket
import time
from typing import Any, NoReturn

from snakepit_worker import tool

HOW = os.environ["HOW"]


def _refuse(*_: Any, **__: Any) -> NoReturn:
    raise RuntimeError("this function was replaced")


class _Socket(socket.socket):
    recv = send = _refuse  # type: ignore[assignment]


if HOW == "sockets":
    socket.socket = _Socket  # type: ignore[misc]
elif HOW == "monotonic clock":
    time.monotonic = _refuse
elif HOW == "clocks":
    time.monotonic = time.time = time.sleep = time.time_ns = _refuse


@tool
async def pid() -> int:
    return os.getpid()
