"""Finds objects that do not work in a forked worker, or that all workers would share, and warns of them by name."""

from __future__ import annotations

import _thread
import fcntl
import os
import select
import stat
import sys
import threading
from collections.abc import Callable, Iterable
from typing import Any

from ..api.log import WORKER_LOG
from ..originals.imported import imported_class
from ..process.objects import Survey, class_of
from .names import Names, has_members

_LISTED = 12  # how many objects a warning names
_STANDARD_ERROR = 2


class _Kind:
    """A class of objects that matters."""

    def __init__(
        self, module: str, name: str, what: str, matters: Callable[[Any], bool], only_if_named: bool = False
    ) -> None:
        """Tell what to call an object of the class, and when its state ``matters``."""
        self.module = module
        self.name = name
        self.what = what
        self.matters = matters
        self.only_if_named = only_if_named


def _is_file_with_position(file: Any) -> bool:
    """Tell whether processes that read this file would move each other's position in it."""
    number = file.fileno()
    flags = fcntl.fcntl(number, fcntl.F_GETFL)
    is_read = flags & os.O_ACCMODE != os.O_WRONLY and not flags & os.O_APPEND
    return number > _STANDARD_ERROR and is_read and stat.S_ISREG(os.fstat(number).st_mode)


def _is_running(child: Any) -> bool:
    return bool(child.sentinel) and child.is_alive()  # a process that was not started has no sentinel


def _is_held(lock: Any) -> bool:
    """Tell whether an RLock is held. Before Python 3.14, only its text tells for one that another thread holds."""
    kind = _thread.RLock if isinstance(lock, _thread.RLock) else _PYTHON_RLOCK
    return str(kind.__repr__(lock)).startswith("<locked ")


def _is_not_free(semaphore: Any) -> bool:
    return bool(semaphore._value < semaphore._initial_value)


def _is_taken(lock: Any) -> bool:
    """Tell whether a lock of the module multiprocessing is held."""
    return bool(lock._semlock._is_zero())


def _is_connected_to_file(database: Any) -> bool:
    return any(row[2] for row in database.execute("PRAGMA database_list"))


_PYTHON_RLOCK: Any = vars(threading)["_RLock"]
_HELD = "the lock, which is held:"
_KINDS = (
    _Kind("asyncio", "AbstractEventLoop", "the event loop", lambda loop: not loop.is_closed()),
    _Kind("socket", "socket", "the socket", lambda opened: opened.fileno() != -1),
    _Kind("multiprocessing.connection", "_ConnectionBase", "the connection", lambda opened: not opened.closed),
    _Kind("subprocess", "Popen", "the child process", lambda child: child.poll() is None),
    _Kind("multiprocessing.process", "BaseProcess", "the child process", _is_running),
    _Kind("sqlite3", "Connection", "the database connection", _is_connected_to_file),
    _Kind("io", "TextIOWrapper", "the file", _is_file_with_position),
    _Kind("io", "BufferedReader", "the file", _is_file_with_position),
    _Kind("io", "BufferedRandom", "the file", _is_file_with_position),
    _Kind("io", "FileIO", "the file", _is_file_with_position),
    # Libraries hold locks of their own for good reasons, so only one that lies in the adapter's modules is a fault.
    _Kind("_thread", "LockType", _HELD, _thread.LockType.locked, only_if_named=True),
    _Kind("_thread", "RLock", _HELD, _is_held, only_if_named=True),
    _Kind("threading", "_RLock", _HELD, _is_held, only_if_named=True),
    _Kind("threading", "BoundedSemaphore", "the semaphore, which is not free:", _is_not_free, only_if_named=True),
    _Kind("multiprocessing.synchronize", "Lock", _HELD, _is_taken, only_if_named=True),
    _Kind("multiprocessing.synchronize", "RLock", _HELD, _is_taken, only_if_named=True),
    _Kind("selectors", "EpollSelector", "the selector", lambda selector: selector.get_map() is not None),
)
_EPOLL = _Kind("select", "epoll", "the selector", lambda epoll: not epoll.closed)
# What the connections of all databases have (PEP 249).
_OF_CONNECTIONS = "cursor", "commit", "rollback", "close"


def _classes() -> dict[type, _Kind]:
    """Return the classes that are imported. A class that is not imported has no objects."""
    found: dict[Any, _Kind] = {imported_class(kind.module, kind.name): kind for kind in _KINDS}
    return {cls: kind for cls, kind in found.items() if isinstance(cls, type)}


def _kind_of(cls: type, classes: dict[type, _Kind]) -> _Kind | None:
    for base, kind in classes.items():
        if issubclass(cls, base):
            return kind
    if has_members(cls, _OF_CONNECTIONS):
        return _Kind("", "", "the database connection", lambda opened: not getattr(opened, "closed", False))
    return None


def _found(survey: Survey) -> list[tuple[Any, _Kind]]:
    classes = _classes()
    wanted: list[tuple[Any, _Kind]] = []
    for candidate in survey.of(lambda cls: _kind_of(cls, classes) is not None):
        kind = _kind_of(class_of(candidate), classes)
        try:
            if kind is not None and kind.matters(candidate):
                wanted.append((candidate, kind))
        except Exception:  # an object that cannot even be asked is closed, half made or of an unusual class
            continue
    return wanted


def _epolls(names: Names) -> list[tuple[Any, _Kind]]:
    """Return what has a name; a survey does not find these objects, because the garbage collector does not know them.

    Names are looked for only if this process has such an object at all, because that takes some time.
    """
    for number in os.listdir("/proc/self/fd"):
        try:
            if os.readlink(f"/proc/self/fd/{number}") == "anon_inode:[eventpoll]":
                return [(found, _EPOLL) for found in names.objects_of(select.epoll) if _EPOLL.matters(found)]
        except FileNotFoundError:
            continue  # it was the directory itself
    return []


def warn(survey: Survey, names: Names, own: Iterable[object]) -> None:
    """Log one warning that names what the adapter has made and no worker should get a copy of.

    Leave out this package's ``own`` objects, and what belongs to something else that is named, such as the sockets of
    an event loop.
    """
    # The main thread holds a lock of its own while it lives.
    known = {id(made) for made in (*own, getattr(threading.main_thread(), "_tstate_lock", None))}
    made = [(made, kind) for made, kind in [*_found(survey), *_epolls(names)] if id(made) not in known]
    parts = {id(part) for holder, _ in made for part in _attributes(holder)}
    made = [(made, kind) for made, kind in made if id(made) not in parts]
    if not made:
        return
    paths = names.of(made for made, _ in made)
    current = _current_event_loop()
    lines = [
        f"{kind.what} {paths.get(id(made)) or _unnamed(made, current)}"
        for made, kind in made
        if id(made) in paths or not kind.only_if_named
    ]
    if lines:
        WORKER_LOG.warning(
            "the adapter has made %s before its workers were forked. All workers share such a connection or selector, "
            "or the position in such a file, and an event loop, a child process or a held lock does not work in them. "
            "Make it in start(), which each worker runs for itself, or set SnakepitOptions.WorkerStart to Spawn",
            listed(lines),
        )


def _current_event_loop() -> Any:
    """Return the event loop that asyncio.set_event_loop was given, or None. Makes no loop, as asyncio itself might."""
    policy: Any = getattr(sys.modules.get("asyncio.events"), "_event_loop_policy", None)
    try:
        return getattr(getattr(policy, "_local", None), "_loop", None)
    except Exception:  # a policy of the user's may raise anything
        return None


def _unnamed(made: Any, current_event_loop: Any) -> str:
    if made is current_event_loop:
        return "that asyncio.set_event_loop was given"
    kind = class_of(made)
    return f"of type {kind.__module__}.{kind.__qualname__}"


def listed(lines: list[str]) -> str:
    """Return ``lines`` as one text that names the first of them and counts the others."""
    lines = list(dict.fromkeys(lines))
    more = [f"{len(lines) - _LISTED} more"] if len(lines) > _LISTED else []
    return ", ".join(lines[:_LISTED] + more)


def _attributes(holder: Any) -> list[Any]:
    held = getattr(holder, "__dict__", {}).values()
    # A file object in text mode holds one of bytes, which holds the raw file.
    return [*held, *(getattr(holder, name, None) for name in ("buffer", "raw", "_raw"))]
