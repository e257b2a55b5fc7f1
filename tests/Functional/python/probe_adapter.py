"""Scripted misbehaviour: one small tool for each thing that a tool may do wrong, slowly, or never.

A tool with a ``marker`` writes that file when it has got where the test wants it: tests wait for that, not for time.
"""

from __future__ import annotations

import ctypes
import gc
import hashlib
import itertools
import os
import signal
import socket
import subprocess
import sys
import threading
import time
import traceback
from collections.abc import Iterator
from datetime import date
from typing import Any, NoReturn

import snakepit_worker
from snakepit_worker import Context, tool
from snakepit_worker.dispatch.plain_call_channel import PlainCallChannel

_MEGABYTE = 1024 * 1024


def _mark(marker: str, text: str = "") -> None:
    """Write ``text`` to the file ``marker`` in one step, so that nobody ever reads half of it."""
    if marker:
        with open(marker + ".part", "w", encoding="utf-8") as part:
            part.write(text)
        os.rename(marker + ".part", marker)


# What a test asks to find out where it is.


@tool
def pid() -> int:
    return os.getpid()


@tool
def has_imported(module: str) -> bool:
    return module in sys.modules


@tool
def value(given: Any) -> Any:
    return given


_turns = itertools.count()


@tool
def turn() -> int:
    """Return how many calls of this tool the worker has served before."""
    return next(_turns)


@tool
def length(text: str) -> int:
    return len(text)


@tool
def hash_of(text: str) -> int:
    return hash(text)


@tool
def environment(name: str) -> str | None:
    return os.environ.get(name)


@tool
def thread_and_stack() -> dict[str, Any]:
    return {
        "main": threading.current_thread() is threading.main_thread(),
        "functions": [frame.name for frame in traceback.extract_stack()],
    }


@tool
def remaining(ctx: Context) -> float | None:
    return ctx.remaining


# Output.


@tool
def printing() -> str:
    print("by print")
    print("by standard error", file=sys.stderr)
    os.write(1, b"by descriptor 1\n")
    subprocess.run(["echo", "by a child"], check=True)
    return "printed"


@tool
def print_lines(count: int) -> None:
    for line in range(count):
        print(f"line {line} of {count}")


@tool
def logging_line(ctx: Context) -> None:
    ctx.log.warning("by the context's log")


@tool
def print_and_exit(status: int) -> NoReturn:
    print("the last words")
    os._exit(status)


# Waiting, in every way that a cancellation must end.


@tool
def busy_loop(marker: str = "") -> NoReturn:
    _mark(marker)
    while True:
        pass


@tool
def sleep_wait(marker: str = "") -> None:
    _mark(marker)
    time.sleep(1000)


@tool
def lock_wait(marker: str = "") -> None:
    lock = threading.Lock()
    lock.acquire()
    _mark(marker)
    lock.acquire()


@tool
def socket_wait(marker: str = "") -> bytes:
    ours, _theirs = socket.socketpair()
    _mark(marker)
    return ours.recv(1)


@tool
def subprocess_wait(marker: str = "") -> None:
    _mark(marker)
    subprocess.run(["sleep", "1000"], check=True)


@tool
def hang(marker: str = "") -> NoReturn:
    _mark(marker)
    while True:
        time.sleep(1000)


@tool
def slow_call(ms: float) -> None:
    time.sleep(ms / 1000)


@tool
def hold_the_gil(ms: int) -> None:
    """Be busy in C code that lets no other thread of the process run."""
    ctypes.PyDLL(None).usleep(ms * 1000)


@tool
def hold_the_gil_later(gate: str) -> None:
    """Return at once, and let nothing run in this process any more once the file ``gate`` exists."""

    def hold() -> None:
        while not os.path.exists(gate):
            time.sleep(0.002)
        ctypes.PyDLL(None).pause()

    threading.Thread(target=hold, daemon=True).start()


@tool
def until(gate: str, marker: str = "") -> str:
    """Return once the file ``gate`` exists."""
    _mark(marker)
    while not os.path.exists(gate):
        time.sleep(0.002)
    return "opened"


# Not ending when asked to.


@tool
def swallow_cancel_once(marker: str = "") -> None:
    _mark(marker)
    try:
        time.sleep(1000)
    except:  # noqa: E722
        pass
    time.sleep(1000)


@tool
def swallow_forever(marker: str = "") -> NoReturn:
    _mark(marker)
    while True:
        try:
            time.sleep(1000)
        except:  # noqa: E722
            pass


@tool
def swallow_and_return(marker: str = "") -> str:
    _mark(marker)
    try:
        time.sleep(1000)
    except:  # noqa: E722
        pass
    return "a result for nobody"


@tool
def swallow_and_return_after(ms: float, marker: str = "") -> None:
    _mark(marker)
    try:
        time.sleep(1000)
    except:  # noqa: E722
        time.sleep(ms / 1000)


@tool
def uninterruptible(marker: str = "") -> None:
    """Stay in C code that looks at no signal."""
    _mark(marker)
    hashlib.pbkdf2_hmac("sha256", b"password", b"salt", 2_000_000_000)


@tool
def ignore_sigterm(marker: str = "") -> NoReturn:
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    _mark(marker)
    while True:
        try:
            time.sleep(1000)
        except:  # noqa: E722
            pass


@tool
def clean_up_slowly(marker: str, cleaned: str) -> None:
    """Take several of the host's repeated cancellations' time to clean up, and note that it was left in peace."""
    try:
        _mark(marker)
        time.sleep(1000)
    finally:
        time.sleep(0.3)
        _mark(cleaned, "cleaned up")


# Children.


@tool
def spawn_child(marker: str = "") -> int:
    child = subprocess.Popen(["sleep", "1000"])
    _mark(marker, str(child.pid))
    return child.pid


@tool
def spawn_session(marker: str = "") -> int:
    """Start a child that leaves the worker's process group and has a child of its own."""
    child = subprocess.Popen(["sh", "-c", "sleep 1000; true"], start_new_session=True)
    _mark(marker, str(child.pid))
    return child.pid


@tool
def fork_session() -> int:
    """Fork a child that leaves the worker's process group and runs no other program."""
    child = os.fork()
    if child == 0:
        os.setsid()
        while True:
            time.sleep(1000)
    return child


@tool
def spawn_child_and_hang(marker: str = "") -> NoReturn:
    child = subprocess.Popen(["sleep", "1000"])
    _mark(marker, str(child.pid))
    while True:
        time.sleep(1000)


@tool
def spawn_child_and_exit(marker: str = "") -> NoReturn:
    child = subprocess.Popen(["sleep", "1000"])
    _mark(marker, str(child.pid))
    os._exit(4)


# The protocol, broken.


@tool
def send_to_host(sent: str, exit: int | None = None) -> NoReturn:
    """Send bytes, given in hexadecimal, behind the back of the Direct transport; then exit, or wait to be killed."""
    for name in os.listdir("/proc/self/fd"):
        try:
            found = socket.socket(fileno=os.dup(int(name)))
        except OSError:
            continue  # no socket
        if found.family == socket.AF_UNIX and str(found.getsockname()).endswith(".sock"):
            found.sendall(bytes.fromhex(sent))
    if exit is not None:
        os._exit(exit)
    time.sleep(1000)
    raise AssertionError("nobody has ended this worker")


@tool
def flood() -> Iterator[int]:
    """Yield without an end and without caring for credit."""
    (channel,) = (found for found in gc.get_objects() if type(found) is PlainCallChannel)
    for number in itertools.count():
        channel._credit += 1
        yield number


# Results.


class _Opaque:
    pass


class _Rebellious(dict):
    def items(self) -> Any:
        raise RuntimeError("no items today")


@tool
def not_encodable(kind: str) -> Any:
    circular: list[Any] = []
    circular.append(circular)
    deep: list[Any] = []
    for _ in range(100_000):
        deep = [deep]
    return {
        "nan": float("nan"),
        "infinity": [1.0, float("inf")],
        "set": {1, 2},
        "bytes": b"bytes",
        "object": _Opaque(),
        "date": {"when": date(2020, 1, 1)},
        "surrogate": "half of \ud83d",
        "circular": circular,
        "deep": deep,
        "key": {(1, 2): "a tuple is no key"},
        "rebellious": _Rebellious(a=1),
    }[kind]


@tool
def awkward_values() -> dict[str, Any]:
    return {
        "none": None,
        "five": 5,
        "five_point_zero": 5.0,
        "large": 2**60 + 1,
        "larger": 2**200,
        "tenth": 0.1,
        "tiny": 5e-324,
        "tuple": (1, (2, 3)),
        "true": True,
        "text": 'naïve Ω 漢字 🐍 \x00 \u2028 "quoted" \\',
        "empty": [{}, [], ""],
        "keys": {2: "int", None: "none", True: "bool"},
    }


@tool
def big(mb: int) -> str:
    return "x" * (mb * _MEGABYTE)


# Exceptions.


class _Unprintable(Exception):
    def __str__(self) -> str:
        raise ValueError("no text for you")


class _Annotated(Exception):
    def __init__(self) -> None:
        super().__init__("with attributes")
        self.code = 7
        self.detail = {"path": ["a", 1, None]}
        self.unsendable = {1, 2}
        self._private = "not shown"


@tool
def raise_with_bad_str() -> NoReturn:
    raise _Unprintable


@tool
def raise_with_attributes() -> NoReturn:
    error = _Annotated()
    error.add_note("a note")
    raise error


@tool
def raise_with_deep_attributes(levels: int) -> NoReturn:
    error = ValueError("deep")
    error.deep = []  # type: ignore[attr-defined]
    for _ in range(levels):
        error.deep = [error.deep]  # type: ignore[attr-defined]
    raise error


@tool
def raise_surrogate() -> NoReturn:
    raise ValueError("half of \ud83d")


@tool
def raise_os_error() -> None:
    open("/nowhere/at/all", encoding="utf-8").close()


@tool
def raise_cancelled() -> NoReturn:
    from snakepit_worker import CallCancelled

    raise CallCancelled("nobody asked for it")


@tool
def exits(status: int) -> NoReturn:
    sys.exit(status)


@tool
def interrupts_itself() -> None:
    raise KeyboardInterrupt


@tool
def recurse_for_ever() -> None:
    recurse_for_ever()


# Streams.


@tool
def nothing() -> Iterator[int]:
    yield from ()


@tool
def count(upto: int) -> Iterator[int]:
    yield from range(upto)


@tool
def slow_generator(upto: int, delay_ms: float) -> Iterator[int]:
    for number in range(upto):
        if number > 0:
            time.sleep(delay_ms / 1000)
        yield number


@tool
def gated_generator(gate: str) -> Iterator[str]:
    """Make the second chunk only once the file ``gate`` exists."""
    yield "first"
    while not os.path.exists(gate):
        time.sleep(0.002)
    yield "second"


@tool
def stepwise_generator(upto: int, seen: str) -> Iterator[int]:
    """Make each chunk only once the directory ``seen`` has a file named like the one before."""
    for number in range(upto):
        while number > 0 and not os.path.exists(f"{seen}/{number - 1}"):
            time.sleep(0.002)
        yield number


@tool
def late_generator(gate: str) -> Iterator[str]:
    """Make the first chunk only once the file ``gate`` exists, and never a second."""
    while not os.path.exists(gate):
        time.sleep(0.002)
    yield "first"
    time.sleep(1000)


@tool
def infinite(produced: str) -> Iterator[int]:
    """Produce as fast as possible; note at the end in the file ``produced`` how many that were."""
    number = 0
    try:
        while True:
            number += 1
            yield number
    finally:
        _mark(produced, str(number))


@tool
def failing_generator(after: int) -> Iterator[int]:
    yield from range(after)
    raise ValueError(f"failed after {after}")


@tool
def not_encodable_chunk() -> Iterator[Any]:
    yield 1
    yield {2}


@tool
def generator_with_cleanup(closed: str) -> Iterator[int]:
    try:
        yield 1
        while True:
            time.sleep(1000)
    finally:
        _mark(closed, "closed")


@tool
def busy_generator(marker: str) -> Iterator[int]:
    yield 1
    busy_loop(marker)


@tool
def uninterruptible_generator(marker: str) -> Iterator[int]:
    yield 1
    uninterruptible(marker)


@tool
def generator_that_ignores_its_end() -> Iterator[int]:
    """Yield once more instead of ending when it is closed."""
    while True:
        try:
            yield 1
        except GeneratorExit:
            pass


@tool
def generator_that_stays() -> Iterator[int]:
    """Never return from being closed."""
    try:
        yield 1
    finally:
        while True:
            try:
                time.sleep(1000)
            except:  # noqa: E722
                pass


# Sessions.


@tool
def session_of(ctx: Context) -> dict[str, Any] | None:
    session = ctx.session
    return None if session is None else {"key": session.key, "home": session.is_home, "state": dict(session.state)}


@tool
def session_add(ctx: Context, gate: str = "", marker: str = "") -> dict[str, int]:
    """Count this session's calls in its state; wait for ``gate`` if there is one."""
    assert ctx.session is not None
    total = ctx.session.state["total"] = ctx.session.state.get("total", 0) + 1
    _mark(marker)
    while gate and not os.path.exists(gate):
        time.sleep(0.002)
    return {"total": total, "pid": os.getpid()}


@tool
def session_stream(ctx: Context, upto: int) -> Iterator[int]:
    assert ctx.session is not None
    for _ in range(upto):
        total = ctx.session.state["total"] = ctx.session.state.get("total", 0) + 1
        yield total


# Host tools.


@tool
def ask_host(ctx: Context, name: str, arguments: dict[str, Any]) -> Any:
    return ctx.host.call(name, **arguments)


@tool
def ask_host_in_vain(ctx: Context, name: str) -> dict[str, str]:
    try:
        ctx.host.call(name)
    except snakepit_worker.HostToolError as error:
        return {"tool": error.tool, "type": error.type, "message": str(error)}
    raise AssertionError("the host tool should have failed")


@tool
def ask_host_again_and_again(ctx: Context, name: str, upto: int) -> Iterator[Any]:
    for turn in range(upto):
        yield ctx.host.call(name, turn=turn)
