"""Assigns calls of plain (synchronous) tools to executors, in the order in which the calls arrive."""

from __future__ import annotations

import collections
import threading
from collections.abc import Callable

from .plain_call import Executor, PlainCall


class ExecutorPool:
    """Starts executors when they are needed, up to a limit. While all executors are busy, new calls wait."""

    def __init__(self, limit: int, start: Callable[[int], Executor]) -> None:
        """Run up to ``limit`` calls at once; ``start(number)`` starts an executor, with numbers from 1."""
        self.lock = threading.Lock()
        self._limit = limit
        self._start = start
        self._executors: list[Executor] = []
        self._idle: list[Executor] = []
        self._waiting: collections.deque[PlainCall] = collections.deque()

    def run(self, call: PlainCall) -> None:
        """Run a call as soon as an executor is free."""
        with self.lock:
            if not self._idle and len(self._executors) < self._limit:
                self._start_another()
            if self._idle:
                call.begin_on(self._idle.pop())
            else:
                self._waiting.append(call)

    def release(self, call: PlainCall) -> None:
        """Give the executor of a call that has been answered to the next waiting call."""
        with self.lock:
            if call.executor is None:
                return
            if self._waiting:
                self._waiting.popleft().begin_on(call.executor)
            else:
                self._idle.append(call.executor)

    def _start_another(self) -> None:
        try:
            started = self._start(len(self._executors) + 1)
        except (RuntimeError, MemoryError):  # the system has no thread, or no memory, for another executor
            if not self._executors:
                raise
            return  # the call waits for one of those that run
        self._executors.append(started)
        self._idle.append(started)

    def close(self) -> None:
        """End all executors, because no more calls will arrive."""
        for executor in self._executors:
            executor.close()
