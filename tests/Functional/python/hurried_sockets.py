"""An adapter that sets a default timeout for new sockets. The worker's own sockets must not get this timeout."""

from __future__ import annotations

import os
import socket
import time
from collections.abc import Iterator
from typing import Any

from snakepit_worker import Context, tool

socket.setdefaulttimeout(0.2)


@tool
def ask(ctx: Context) -> Any:
    return ctx.host.call("slow")


@tool
def hang() -> None:
    time.sleep(1000)


@tool
def pid() -> int:
    return os.getpid()


@tool
def count(upto: int) -> Iterator[int]:
    yield from range(upto)
