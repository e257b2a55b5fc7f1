"""An adapter that forks on threads which C code has started, so that the module threading does not know them."""

from __future__ import annotations

import _thread
import ctypes
import os
import threading
from collections.abc import Callable

from snakepit_worker import tool

_RUN = ctypes.CFUNCTYPE(ctypes.c_void_p, ctypes.c_void_p)


def _on_thread_of_python(run: Callable[[], None]) -> None:
    _thread.start_new_thread(run, ())


def _on_thread_of_libc(run: Callable[[], None]) -> None:
    thread = ctypes.c_ulong()
    body = _RUN(lambda _: run())
    _kept.append(body)
    ctypes.CDLL(None).pthread_create(ctypes.byref(thread), None, body, None)


_kept: list[object] = []
_STARTS = {"_thread": _on_thread_of_python, "libc": _on_thread_of_libc}


@tool
def fork_on(thread: str, raises: bool, is_known: bool) -> int:
    """Fork on a thread that C code has started; return the exit code of the forked process."""
    children: list[int] = []
    has_forked = threading.Event()

    def run() -> None:
        if is_known:
            threading.current_thread()
        if child := os.fork():
            children.append(child)
            has_forked.set()
        elif raises:
            raise LookupError("raised in the forked process")

    _STARTS[thread](run)
    has_forked.wait()
    return os.waitstatus_to_exitcode(os.waitpid(children[0], 0)[1])


@tool
def fork_twice() -> int:
    """Fork on a thread of C code a process that forks once more; return the sum of what both have written."""
    reading, writing = os.pipe()

    def run() -> None:
        if os.fork() == 0:
            child = os.fork()
            if child:
                os.waitpid(child, 0)
            os.write(writing, b"parent " if child else b"child ")

    _thread.start_new_thread(run, ())
    return len(_all_of(reading, len(b"parent child ")))


def _all_of(reading: int, length: int) -> bytes:
    text = b""
    while len(text) < length:
        text += os.read(reading, length)
    return text


@tool
def pid() -> int:
    return os.getpid()
