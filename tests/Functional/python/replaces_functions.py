"""An adapter that replaces functions of the standard library which a worker needs, as some libraries do."""

from __future__ import annotations

import builtins
import os
import select
import selectors
import signal
import socket
import time
from typing import Any, NoReturn

from probe_marks import mark

from snakepit_worker import tool

_sleep, _exit = time.sleep, os._exit


def _refuse(*_: Any, **__: Any) -> NoReturn:
    raise RuntimeError("this function was replaced")


class _Refusing:
    __init__ = _refuse


@tool
def pid(marker: str = "") -> int:
    return os.getpid()


@tool
def wait(marker: str) -> None:
    mark(marker)
    _sleep(1000)


@tool
def die() -> NoReturn:
    _exit(7)


_REPLACED: dict[Any, list[str]] = {
    os: ["close", "dup2", "fork", "kill", "killpg", "pipe", "read", "set_blocking", "setpgid", "unlink", "waitid"],
    select: ["epoll", "poll", "select"],
    selectors: ["DefaultSelector", "EpollSelector", "SelectSelector"],
    signal: ["set_wakeup_fd", "signal", "pthread_sigmask"],
    socket: ["socketpair"],
    time: ["sleep"],
    builtins: ["print"],
}
for _module, _names in _REPLACED.items():
    for _name in _names:
        setattr(_module, _name, _Refusing if isinstance(getattr(_module, _name), type) else _refuse)


class _Socket(socket.socket):
    """What socket() returns from now on: each method that waits refuses to."""

    recv = send = sendall = connect = accept = _refuse  # type: ignore[assignment]


socket.socket = _Socket  # type: ignore[misc]
