"""Tools that break the protocol between the worker and its host."""

from __future__ import annotations

import gc
import itertools
import os
import socket
import time
from collections.abc import Iterator
from typing import NoReturn

from snakepit_worker import tool
from snakepit_worker.dispatch.plain_call_channel import PlainCallChannel


@tool
def send_to_host(sent: str, exit: int | None = None) -> NoReturn:
    """Send the hexadecimal bytes ``sent`` on the socket of the Direct transport; then exit, or wait to be killed."""
    for name in os.listdir("/proc/self/fd"):
        try:
            found = socket.socket(fileno=os.dup(int(name)))
        except OSError:
            continue  # this descriptor is not a socket
        if found.family == socket.AF_UNIX and str(found.getsockname()).endswith(".sock"):
            found.sendall(bytes.fromhex(sent))
    if exit is not None:
        os._exit(exit)
    time.sleep(1000)
    raise AssertionError("this worker should have been killed")


@tool
def flood() -> Iterator[int]:
    """Yield for ever, even when the host has granted no flow-control credit for more chunks."""
    (channel,) = (found for found in gc.get_objects() if type(found) is PlainCallChannel)
    for number in itertools.count():
        channel._credit += 1
        yield number
