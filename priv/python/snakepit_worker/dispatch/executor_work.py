"""Work that async tools give to executors, and what cancelled calls have left running there.

A task that is cancelled while it awaits ``asyncio.to_thread`` or ``loop.run_in_executor`` ends, but its work goes on,
because nothing can end it. It would run beside later calls, and when all threads of the executor are taken by such
work, the work of later calls would never begin.
"""

from __future__ import annotations

import asyncio
import concurrent.futures
import contextvars
import functools
from collections.abc import Callable
from typing import Any, TypeAlias

_PARTIAL: Any = functools.partial
Work: TypeAlias = "concurrent.futures.Future[Any]"


class _Noting:
    """Stands for an executor while the loop gives it one piece of work, and keeps the ``work``."""

    work: Work

    def __init__(self, executor: Any) -> None:
        self._executor = executor

    def submit(self, function: Callable[..., Any], *arguments: Any) -> Work:
        self.work = self._executor.submit(function, *arguments)
        return self.work


class ExecutorWork:
    """Knows which work of an event loop's executors runs although the task that has awaited it was cancelled.

    Work that is shielded, or whose task has not been cancelled, is not given up. Its methods run on the loop's thread.
    """

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        """Note from now on what is given to executors through ``loop``."""
        changed: Any = loop
        self._loop = loop
        self._loops_run: Callable[..., asyncio.Future[Any]] = changed.run_in_executor
        self._loops_set_default: Callable[[Any], None] = changed.set_default_executor
        self._default: Any = None
        self._given_up: dict[Work, Any] = {}  # with the function that runs
        self._awaited: list[tuple[set[Work], Callable[[], None]]] = []
        changed.run_in_executor = self._run
        changed.set_default_executor = self._set_default

    def given_up(self) -> set[Work]:
        """Return the work that runs although nothing awaits it any more."""
        return set(self._given_up)

    def names_of(self, given_up: set[Work]) -> str:
        """Return the names of the functions that still run."""
        return ", ".join(sorted(_name_of(run) for work, run in self._given_up.items() if work in given_up))

    def when_ended(self, given_up: set[Work], then: Callable[[], None]) -> None:
        """Call ``then`` when all of the work has ended; each piece is taken out of the set at its end."""
        self._awaited.append((given_up, then))

    def _run(self, executor: Any, func: Callable[..., Any], *args: Any) -> asyncio.Future[Any]:
        if executor is None:
            if self._default is None:
                # As the loop would make it, which keeps it to itself.
                self._set_default(concurrent.futures.ThreadPoolExecutor(thread_name_prefix="asyncio"))
            executor = self._default
        noting = _Noting(executor)
        future = self._loops_run(noting, func, *args)

        def ended(_: object) -> None:
            # The loop has tried to cancel the work before: work that had not begun never will.
            if future.cancelled() and noting.work.running():
                self._given_up[noting.work] = func
                noting.work.add_done_callback(self._call_soon)

        future.add_done_callback(ended)
        return future

    def _set_default(self, executor: Any) -> None:
        self._loops_set_default(executor)
        self._default = executor

    def _call_soon(self, work: Work) -> None:  # on the thread that has done the work
        try:
            self._loop.call_soon_threadsafe(self._take_end, work)
        except RuntimeError:
            pass  # the loop is closed, because the worker ends

    def _take_end(self, work: Work) -> None:
        self._given_up.pop(work, None)
        for awaited in list(self._awaited):
            left, then = awaited
            left.discard(work)
            if not left:
                self._awaited.remove(awaited)
                then()


def _name_of(function: Any) -> str:
    made_from: Any = function.func if type(function) is _PARTIAL else None
    if type(getattr(made_from, "__self__", None)) is contextvars.Context and function.args:
        function = function.args[0]  # asyncio.to_thread has made the partial
    name: Any = getattr(function, "__qualname__", None)
    return f"{name}()" if type(name) is str else f"an object of {type(function).__qualname__}"
