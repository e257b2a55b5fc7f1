"""Lets gRPC run a handler on the main thread."""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable
from concurrent import futures
from typing import Any

from ..process import forks
from ..process.waits import waits


class MainThreadPool(futures.ThreadPoolExecutor):
    """A thread pool that runs its first task on the thread that calls ``run_first_task``."""

    def __init__(self) -> None:
        """Create the pool, which starts a thread only for tasks after the first."""
        super().__init__(max_workers=1, thread_name_prefix="snakepit-refuse")
        self._first: queue.SimpleQueue[tuple[futures.Future[Any], Callable[[], Any]]] = queue.SimpleQueue()
        self._taken = threading.Lock()

    def submit(self, function: Callable[..., Any], /, *arguments: Any, **named: Any) -> futures.Future[Any]:
        """Hand the first task to the main thread. Later tasks, which only reject another host, run on a pool thread."""
        if not self._taken.acquire(blocking=False):
            return super().submit(function, *arguments, **named)
        future: futures.Future[Any] = futures.Future()
        self._first.put((future, lambda: function(*arguments, **named)))
        return future

    def run_first_task(self) -> None:
        """Wait for the first task and run it on the current thread."""
        future, task = self._taken_first()
        future.set_running_or_notify_cancel()
        try:
            future.set_result(task())
        except BaseException as error:
            forks.end_if_forked(error)
            future.set_exception(error)
            raise

    @waits
    def _taken_first(self) -> tuple[futures.Future[Any], Callable[[], Any]]:
        return self._first.get()
