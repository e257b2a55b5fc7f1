"""A module adapter with a life: it writes what happens at its end to files in the directory named by PROBE_LIFE."""

# ruff: noqa: SIM115 (the files stay open on purpose)

from __future__ import annotations

import atexit
import dbm
import dbm.dumb
import gzip
import logging.handlers
import multiprocessing.util
import os
import resource
import subprocess
import tempfile
import threading
import time
import wave
import weakref
import zipfile
from multiprocessing import shared_memory
from pathlib import Path
from typing import Any

from snakepit_worker import tool

_DIRECTORY = Path(os.environ["PROBE_LIFE"])
_kept: list[Any] = []
_is_stopping = threading.Event()


def _note(what: str) -> None:
    with open(_DIRECTORY / "life", "a", encoding="utf-8") as life:
        life.write(what + "\n")


def _note_with_role(what: str) -> None:
    _note(f"{what} {'here' if os.getpid() == _PREPARED_IN else 'elsewhere'}")


_PREPARED_IN = os.getpid()
atexit.register(_note_with_role, "exit handler of the import")
_shared = tempfile.TemporaryDirectory(dir=_DIRECTORY, prefix="shared-")
_opened_at_import = open(_DIRECTORY / "opened-at-import", "w", encoding="utf-8")
_opened_at_import.write("import\n")


def prepare() -> None:
    _note("prepare")


def start() -> None:
    _note("start")


def stop() -> None:
    _note("stop")
    _is_stopping.set()
    how = os.environ.get("PROBE_STOP")
    if how == "raises":
        raise LookupError("stop cannot stop")
    if how == "hangs":
        time.sleep(1000)


@tool
def make_what_is_shared() -> list[str]:
    """Make shared memory and a semaphore that are never removed, and return their names in /dev/shm."""
    memory = shared_memory.SharedMemory(create=True, size=100)
    lock: Any = multiprocessing.get_context("spawn").Lock()
    _kept.extend((memory, lock))
    return [memory.name, "sem." + lock._semlock.name.removeprefix("/")]


@tool
def make_what_ends() -> None:
    """Register exit handlers, and open files that are never closed."""
    atexit.register(_note, "first exit handler")
    atexit.register(_raise)
    atexit.register(_note, "last exit handler")
    weakref.finalize(threading.current_thread(), _note, "finalizer")
    text = open(_DIRECTORY / "text", "w", encoding="utf-8")
    text.write("text")
    binary = open(_DIRECTORY / "binary", "wb")
    binary.write(b"binary")
    zipped = gzip.open(_DIRECTORY / "gz", "wt", encoding="utf-8")
    zipped.write("zipped")
    archive = zipfile.ZipFile(_DIRECTORY / "zip", "w")
    archive.writestr("member", "archived")
    directory = tempfile.TemporaryDirectory(dir=_DIRECTORY, prefix="own-")
    named = tempfile.NamedTemporaryFile(dir=_DIRECTORY, prefix="own-")
    _opened_at_import.write("worker\n")
    _kept.extend([text, binary, zipped, archive, directory, named])


@tool
def make_what_is_written_when_it_is_closed() -> None:
    """Open what writes when it is closed, as Python does at its end when it deletes a module's variables."""
    database = dbm.open(str(_DIRECTORY / "database"), "c")
    dumb = dbm.dumb.open(str(_DIRECTORY / "dumb"), "c")
    for one in (database, dumb):
        one["name"] = "Ada"
        one["name"] = "Ada, Countess of Lovelace"
    sound: Any = wave.open(str(_DIRECTORY / "sound"), "wb")
    sound.setparams((1, 2, 8000, 0, "NONE", "not compressed"))
    for _ in range(3):
        sound.writeframesraw(bytes(200))
    _kept.extend([database, dumb, sound])


@tool
def what_was_written() -> list[Any]:
    with dbm.open(str(_DIRECTORY / "database")) as database, dbm.dumb.open(str(_DIRECTORY / "dumb")) as dumb:
        names = [one["name"].decode() if "name" in one else None for one in (database, dumb)]
    with wave.open(str(_DIRECTORY / "sound")) as sound:
        return [*names, sound.getnframes()]


def _raise() -> None:
    raise LookupError("an exit handler has failed")


@tool
def start_thread(seconds: float) -> None:
    """Start a thread that is no daemon thread. It notes its end, some seconds after the worker has begun to stop."""

    def linger() -> None:
        _is_stopping.wait()
        time.sleep(seconds)
        _note("thread")

    threading.Thread(target=linger, name="lingering").start()
    atexit.register(_note, "exit handler")


@tool
def hang_at_exit(seconds: float) -> None:
    atexit.register(_note, "first exit handler")
    atexit.register(time.sleep, seconds)
    text = open(_DIRECTORY / "text", "w", encoding="utf-8")
    text.write("text")
    _kept.append(text)


@tool
def block_a_file() -> None:
    """Keep a file's lock: a thread waits for room in a pipe. Nothing can interrupt who waits for the lock."""
    _, writing = os.pipe()
    blocked = os.fdopen(writing, "wb")
    threading.Thread(target=blocked.write, args=(bytes(10_000_000),), daemon=True).start()
    time.sleep(0.1)
    _kept.append(blocked)


@tool
def fill_memory() -> None:
    """Use up the memory that a limit allows, except for 3 MiB: not even a thread can be started then."""
    _open_text()
    mapped = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
    resource.setrlimit(resource.RLIMIT_AS, (mapped + 64 * 1024 * 1024,) * 2)
    try:
        while True:
            _kept.append(bytearray(1024 * 1024))
    except MemoryError:
        del _kept[-3:]


@tool
def break_steps_of_the_end() -> None:
    """Replace what Python does at its end, as libraries do, by functions that fail."""
    _open_text()
    handler = logging.handlers.MemoryHandler(100, target=logging.FileHandler(_DIRECTORY / "log"))
    handler.emit(logging.makeLogRecord({"msg": "logged", "levelno": logging.INFO}))
    _kept.append(handler)
    threads: Any = threading
    threads._shutdown = _raise
    multiprocessing.util._exit_function = _raise


def _open_text() -> None:
    atexit.register(_note, "exit handler")
    text = open(_DIRECTORY / "text", "w", encoding="utf-8")
    text.write("text")
    _kept.append(text)


@tool
def shared_directory_exists() -> bool:
    return os.path.isdir(_shared.name)


@tool
def make_readers() -> None:
    """Start programs that read what is buffered here at the end of the worker, and one that does not end with it."""
    for name in ("first", "second"):
        code = f"cat > {name}; sleep 0.3; echo done >> {name}"
        reader = subprocess.Popen(["sh", "-c", code], stdin=subprocess.PIPE, text=True, cwd=_DIRECTORY)
        assert reader.stdin is not None
        reader.stdin.write(f"text of the {name}\n")
        _kept.append(reader)
    third = os.popen(f"cd {_DIRECTORY}; cat > third; sleep 0.3; echo done >> third", "w")
    third.write("text of the third\n")
    _kept.append(third)


@tool
def make_reader_that_stays() -> int:
    """Start a program that goes on after its input has ended."""
    reader = subprocess.Popen(["sleep", "1000"], stdin=subprocess.PIPE)
    _kept.append(reader)
    return reader.pid
