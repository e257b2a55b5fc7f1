"""Tools whose code and libraries have windows: an exception that is raised there leaves something half done.

Each tool takes some milliseconds and returns its argument ``given``. Before that, it fails if it finds what an earlier
call has left half done, or it waits for ever for a lock that an earlier call has not released.
"""

from __future__ import annotations

import asyncio
import functools
import importlib
import logging
import os
import queue
import sqlite3
import threading
from collections import OrderedDict
from typing import Any

from snakepit_worker import tool

concurrent = True

_jobs: queue.Queue[int] = queue.Queue()
_log = logging.getLogger("fragile")
_log.addHandler(logging.FileHandler(os.devnull))
_log.propagate = False
_log.setLevel(logging.INFO)
_account = {"credit": 0, "debit": 0}
_account_lock = threading.Lock()
_recent: OrderedDict[int, int] = OrderedDict()
_recent_lock = threading.RLock()
_database = sqlite3.connect(":memory:", check_same_thread=False, isolation_level=None)
_database.execute("create table account (name text primary key, amount integer)")
_database.execute("insert into account values ('credit', 0), ('debit', 0)")
_database_lock = threading.Lock()


@tool
def imports(given: int) -> int:
    """Import one of the packages that the test has written, and use one of its modules as its attribute."""
    package: Any = importlib.import_module(f"fragile_{given % 8}")
    assert package.first.value == 1
    return given


@tool
def queues(given: int) -> int:
    """Put values into a queue of this module, whose mutex is held for a moment each time, and take them out."""
    for number in range(300):
        _jobs.put(number)
    for _ in range(300):
        _jobs.get()
    return given


@tool
def logs(given: int) -> int:
    """Log through a handler, whose lock is held for a moment each time."""
    for number in range(150):
        _log.info("line %d of call %d", number, given)
    return given


@tool
def locks(given: int) -> int:
    """Change two values that must agree, under a lock that is taken and released without ``with``."""
    for _ in range(2_000):
        _account_lock.acquire()
        assert _account["credit"] == _account["debit"], _account
        _account["credit"] += 1
        _account["debit"] += 1
        _account_lock.release()
    return given


@functools.lru_cache(maxsize=64)
def _square(number: int) -> int:
    return sum(number for _ in range(number))


@tool
def caches(given: int) -> int:
    """Keep recent results in a dictionary of this module, which is changed in two steps."""
    for number in range(given, given + 300):
        with _recent_lock:
            assert len(_recent) <= 8, len(_recent)
            _recent[number] = _square(number % 128)
            if len(_recent) > 8:
                _recent.popitem(last=False)
            assert _recent[number] == (number % 128) ** 2
    return given


@tool
def transacts(given: int) -> int:
    """Move an amount between two rows, in transactions of a connection that all calls of this process share."""
    for _ in range(50):
        with _database_lock:
            _database.execute("begin")
            _database.execute("update account set amount = amount + 1 where name = 'credit'")
            _database.execute("update account set amount = amount - 1 where name = 'debit'")
            (total,) = _database.execute("select sum(amount) from account").fetchone()
            assert total == 0, total
            _database.execute("commit")
    return given


@tool
def runs_a_loop(given: int) -> int:
    """Run an event loop of its own inside a plain tool, and use the queue from there."""

    async def use_queue() -> None:
        for _ in range(4):
            await asyncio.sleep(0)
            queues(given)

    asyncio.run(use_queue())
    return given
