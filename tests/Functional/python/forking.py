"""An adapter whose tools fork, and whose forked processes return, raise, exit or live on."""

from __future__ import annotations

import asyncio
import concurrent.futures as concurrent_futures
import ctypes
import dataclasses
import multiprocessing
import os
import pty
import sys
import threading
import time
from collections.abc import AsyncIterator, Callable, Iterator
from typing import Any

from snakepit_worker import Context, tool

concurrent = True
counts = {"calls": 0}


def _pid_and_descriptor(fork: Callable[[], tuple[int, int]]) -> int:
    return fork()[0]


def _fork_in_c() -> int:
    """Fork while no thread of gRPC asks for the interpreter.

    In any Python program, a process that C code forks while a thread of the parent asks for the interpreter waits for
    ever for that thread, which it does not have: Python is not told of the fork.
    """
    interval = sys.getswitchinterval()
    sys.setswitchinterval(1000)  # a thread asks after it has waited for so long
    try:
        time.sleep(0.05)  # threads that already ask get the interpreter meanwhile
        return int(ctypes.PyDLL(None).fork())
    finally:
        sys.setswitchinterval(interval)


_FORKS: dict[str, Callable[[], int]] = {
    "os.fork": os.fork,
    "os.forkpty": lambda: _pid_and_descriptor(os.forkpty),
    "pty.fork": lambda: _pid_and_descriptor(pty.fork),
    "libc.fork": _fork_in_c,
}


def _status(pid: int) -> int:
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])


@tool
def fork_and_return(how: str) -> int:
    """Return in both processes; in the worker, return the exit code of the other process."""
    pid = _FORKS[how]()
    return _status(pid) if pid else 12345


@tool
def fork_and_end(how: str) -> int:
    """End the forked process in the way ``how``; return its exit code."""
    if pid := os.fork():
        return _status(pid)
    if how == "sys.exit(3)":
        sys.exit(3)
    if how == "sys.exit('a reason')":
        sys.exit("a reason")
    if how == "raise":
        raise LookupError("raised in the forked process")
    if how == "execvp":
        os.execvp("/no/such/program", ["program"])
    if how == "set":
        return {1, 2}  # type: ignore[return-value]
    return 0


@tool
def fork_on_thread(how: str) -> int:
    """Fork on a thread of this call's own, as ``fork_and_end`` does."""
    results: list[int] = []
    thread = threading.Thread(target=lambda: results.append(fork_and_end(how)))
    thread.start()
    thread.join()
    return results[0]


@tool
def fork_on_pool_thread(how: str) -> int:
    """Fork on a thread of a ThreadPoolExecutor, which has more work to do that must be done only once."""
    with concurrent_futures.ThreadPoolExecutor(1) as pool:
        status = pool.submit(fork_and_end, how)
        effects, effect = os.pipe()
        pool.submit(os.write, effect, b"x").result()
        written = os.read(effects, 100)
    os.close(effects)
    os.close(effect)
    try:
        return status.result() if written == b"x" else -1000
    except LookupError:
        return -2000


@tool
async def fork_in_to_thread(how: str) -> int:
    return await asyncio.to_thread(fork_and_end, how)


@tool
async def fork_in_coroutine(how: str) -> int:
    if how != "await":
        return fork_and_end(how)
    if pid := os.fork():
        return await asyncio.to_thread(_status, pid)
    await asyncio.sleep(0)
    return 0


@tool
async def fork_in_callback(how: str) -> int:
    """Fork in a callback of the event loop; a second callback, which runs next, must run only in the worker."""
    loop = asyncio.get_running_loop()
    pids: list[int] = []
    effects, effect = os.pipe()

    def callback() -> None:
        if pid := os.fork():
            pids.append(pid)
        elif how == "raise":
            raise LookupError("raised in the forked process")

    loop.call_soon(callback)
    loop.call_soon(os.write, effect, b"x")
    await asyncio.sleep(0.01)
    status = await asyncio.to_thread(_status, pids[0])
    written = os.read(effects, 100)
    os.close(effects)
    os.close(effect)
    return status if written == b"x" else -1000


@tool
def fork_between_chunks(how: str) -> Iterator[int]:
    yield 1
    pid = os.fork()
    if pid == 0 and how == "raise":
        raise LookupError("raised in the forked process")
    yield _status(pid) if pid else 2
    yield 3


@tool
async def fork_between_async_chunks(how: str) -> AsyncIterator[int]:
    yield 1
    pid = os.fork()
    if pid == 0 and how == "raise":
        raise LookupError("raised in the forked process")
    yield (await asyncio.to_thread(_status, pid)) if pid else 2
    yield 3


@tool
def fork_while_closing(marker: str) -> Iterator[int]:
    try:
        while True:
            yield 1
    finally:
        if pid := os.fork():
            status = _status(pid)
            with open(marker + ".new", "w", encoding="utf-8") as opened:
                opened.write(str(status))
            os.rename(marker + ".new", marker)
        else:
            raise LookupError("raised in the forked process")


class _ForksWhenDeleted:
    def __init__(self, marker: str) -> None:
        self.marker = marker

    def __del__(self) -> None:
        if pid := os.fork():
            status = _status(pid)
            with open(self.marker + ".new", "w", encoding="utf-8") as opened:
                opened.write(str(status))
            os.rename(self.marker + ".new", self.marker)


@tool
def fork_in_session_end(marker: str, ctx: Context) -> int:
    """Fork when the session's state is dropped, which is between two calls."""
    ctx.session.state["forks"] = _ForksWhenDeleted(marker)
    return os.getpid()


class _ForksInStr(Exception):
    def __str__(self) -> str:
        if pid := os.fork():
            return f"the other process ended with {_status(pid)}"
        return "nobody sees this"


@tool
def fork_in_message() -> None:
    raise _ForksInStr


class _ForksInStrAndRaises(Exception):
    def __str__(self) -> str:
        if pid := os.fork():
            return f"the other process ended with {_status(pid)}"
        raise LookupError("raised in the forked process")


@tool
def fork_in_message_and_raise() -> None:
    raise _ForksInStrAndRaises


class _ForksInItems(dict[str, int]):
    def items(self) -> Any:
        if pid := os.fork():
            return {"status": _status(pid)}.items()
        raise LookupError("raised by items")


@tool
def fork_in_result_and_raise() -> dict[str, int]:
    return _ForksInItems(status=-1)


@dataclasses.dataclass
class _ForksWhenMade:
    how: str
    status: int = 0

    def __post_init__(self) -> None:
        if pid := os.fork():
            self.status = _status(pid)
        elif self.how == "raise":
            raise LookupError("raised in the forked process")
        elif self.how == "sys.exit(3)":
            sys.exit(3)


@tool
def take_what_forks(it: _ForksWhenMade, marker: str) -> int:
    with open(marker, "a", encoding="utf-8") as opened:
        opened.write("x")
    return it.status


@tool
async def take_what_forks_async(it: _ForksWhenMade, marker: str) -> int:
    return take_what_forks(it, marker)


@tool
def call_host_in_fork(ctx: Context) -> str:
    """Call a host tool in a forked process, and return the error that it got."""
    reading, writing = os.pipe()
    if pid := os.fork():
        os.close(writing)
        with os.fdopen(reading) as opened:
            text = opened.read()
        _status(pid)
        return text
    try:
        ctx.host.call("double", value=1)
    except RuntimeError as error:
        os.write(writing, str(error).encode())
    os._exit(0)


@tool
def print_and_fork() -> int:
    print("printed before", end="")
    sys.stdout.write(" the fork")
    if pid := os.fork():
        status = _status(pid)
        print(", and the line ends")
        return status
    print(", and in the forked process")
    return 0


@tool
def fork_that_lives(marker: str) -> int:
    pid = os.fork()
    if pid == 0:
        while True:
            time.sleep(1000)
    with open(marker, "w", encoding="utf-8") as opened:
        opened.write(str(pid))
    return pid


@tool
def count() -> int:
    counts["calls"] += 1
    return counts["calls"]


@tool
def square_in_processes(values: list[int]) -> list[int]:
    with multiprocessing.get_context("fork").Pool(2) as pool:
        return pool.map(abs, values)


@tool
def terminate_process(number: int) -> int:
    """Signal a process of the module multiprocessing, and return its exit code."""
    process = multiprocessing.get_context("fork").Process(target=time.sleep, args=(1000,))
    process.start()
    os.kill(process.pid or 0, number)
    process.join()
    return process.exitcode or 0


@tool
def pid() -> int:
    return os.getpid()
