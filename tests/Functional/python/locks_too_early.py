"""An adapter that takes locks, and makes selectors, before its workers are forked."""

from __future__ import annotations

import multiprocessing
import select
import selectors
import threading

from snakepit_worker import tool

_PROCESSES = multiprocessing.get_context("fork")

RECURSIVE = threading.RLock()
RECURSIVE.acquire()
IN_PYTHON = threading._PyRLock()  # type: ignore[attr-defined]
IN_PYTHON.acquire()
CONDITION = threading.Condition()
CONDITION.acquire()
SEMAPHORE = threading.BoundedSemaphore(1)
SEMAPHORE.acquire()
BETWEEN_PROCESSES = _PROCESSES.Lock()
BETWEEN_PROCESSES.acquire()
SELECTOR = selectors.DefaultSelector()
POLLS = {"one": select.epoll()}

FREE = [
    threading.RLock(),
    threading.Condition(),
    threading.BoundedSemaphore(1),
    threading.Semaphore(0),
    threading.Event(),
    _PROCESSES.Lock(),
    _PROCESSES.RLock(),
    _PROCESSES.Event(),
    selectors.PollSelector(),
]
FREE_SELECTOR = selectors.EpollSelector()
FREE_SELECTOR.close()


@tool
def pid() -> None:
    pass
