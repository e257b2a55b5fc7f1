"""The event loop of a worker: it runs async tools on the main thread, and stands still while plain tools run there."""

from __future__ import annotations

import asyncio
import collections
import logging
import threading
import traceback
from collections.abc import Callable, Container, Coroutine, Iterable
from typing import Any, NoReturn

from ..process import forks, output
from ..process.exit import exit_by, until_host_asks
from ..process.forks import own
from ..process.own_frames import runs_adapter_on_loop
from .broken_steps import end_broken_tasks, end_task_of
from .event_loop_forks import leave_loop_in_forks
from .executor_work import ExecutorWork
from .loop_watch import LoopWatch
from .reports import report

# How often the loop may end by an exception without having run a callback of ours in between. Tasks end it by these two
# exceptions, as many tasks as a tool has left behind. Others most likely come from the loop itself, and count more.
_BY_TASKS = SystemExit, KeyboardInterrupt
_BY_LOOP_COUNTS = 100
_MOST_FAILURES = 1000
_GRACE = 1.0  # seconds that tasks have to end after the host has gone; after that, the process ends anyway


class MainLoop:
    """Runs an event loop, and functions beside it, on the main thread until it is ended.

    The loop is never the one that ``asyncio.get_event_loop()`` returns outside of tasks, because plain tools would find
    it there. ``ended`` is set once the loop has ended, and ``failure`` tells why the worker cannot serve any longer.
    """

    def __init__(self) -> None:
        """Create the loop, which runs when ``run`` is called."""
        self.loop = asyncio.new_event_loop()
        self.watch = LoopWatch(self.loop)
        self.executor_work = ExecutorWork(self.loop)
        self.ended = threading.Event()
        self.failure: BaseException | None = None
        self._failures = 0  # how often the loop has ended by an exception since it has last run a callback of ours
        self._beside: collections.deque[Callable[[], None]] = collections.deque()  # used only on the main thread

    # The following methods run on the main thread.

    def run(self) -> None:
        """Run until ``end`` or ``fail`` is called."""
        leave_loop_in_forks(self.loop)
        end_broken_tasks(self.loop)
        while not self.ended.is_set():
            self._run(self.loop.run_forever)
            while self._beside:
                self._call_or_fail(self._beside.popleft())
                if not own[0]:
                    forks.leave()  # what the call held was deleted, and its __del__ has forked this process

    def end_tasks(self, cancelled: Container[asyncio.Task[Any]]) -> None:
        """Give the tasks that are left some time to end, and then the asynchronous generators, as asyncio.run does.

        Tasks that are not ``cancelled`` already are cancelled. If something blocks the loop, it is interrupted when the
        host asks this process to end.
        """
        left = asyncio.all_tasks(self.loop)
        for task in left:
            if task not in cancelled:  # a second cancellation would interrupt its clean-up
                self._run(task.cancel)  # a task that the factory of a tool has made may raise anything
        if left:
            self._wait_for(left)
        self.loop.set_task_factory(None)  # the loop makes tasks too, to close generators
        self._wait_for([self._task(self.loop.shutdown_asyncgens())])

    def _wait_for(self, tasks: Iterable[asyncio.Task[Any]]) -> None:
        waiting = self._task(asyncio.wait(tasks, timeout=_GRACE))
        self._run(lambda: until_host_asks(lambda: self.loop.run_until_complete(waiting)))

    def _task(self, coroutine: Coroutine[Any, Any, Any]) -> asyncio.Task[Any]:
        return asyncio.Task(coroutine, loop=self.loop)  # not by the task factory that a tool has set

    @runs_adapter_on_loop
    def _run(self, run: Callable[[], Any]) -> None:
        try:
            run()
        except BaseException as error:  # besides SystemExit, what a handler of the user raises while the loop logs
            forks.end_if_forked(error)
            end_task_of(error)
            is_first = self._failures == 0
            self._failures += 1 if issubclass(type(error), _BY_TASKS) else _BY_LOOP_COUNTS
            if self._failures > _MOST_FAILURES:
                # The loop itself fails, for example because the adapter has replaced a function that it needs.
                self.note_failure(error)
                self.ended.set()
                return
            if is_first:
                self.loop.call_soon(self._forget_failures)
            report(logging.ERROR, "a task that a tool has left behind tried to end the event loop, which goes on")

    def _forget_failures(self) -> None:
        self._failures = 0

    def _stop(self) -> None:
        self.ended.set()
        self.loop.stop()

    def _stop_for(self, run: Callable[[], None]) -> None:
        self._beside.append(run)
        self.loop.stop()

    def _call_or_fail(self, callback: Callable[..., None], *arguments: Any) -> None:
        try:
            callback(*arguments)
        except BaseException as error:  # SystemExit would end the loop, and the call would never be answered
            forks.end_if_forked(error)
            self.fail(error)

    # The following methods run on any thread.

    def end(self) -> None:
        """Stop the loop for good. If nothing can wake it, end this process."""
        try:
            self.loop.call_soon_threadsafe(self._stop)
        except BaseException as error:  # the loop is closed, or the adapter has replaced what it needs, such as sockets
            if not self.loop.is_closed():
                self.abandon(error)

    def abandon(self, error: BaseException) -> NoReturn:
        """Log the ``failure``, or else ``error``, and end this process: the main thread would wait for ever."""
        reason = self.failure or error
        try:
            text = "".join(traceback.format_exception(reason))
            output.log(f"CRITICAL snakepit.worker: the worker has failed, and its event loop cannot be stopped\n{text}")
        finally:
            exit_by(reason)

    def fail(self, error: BaseException) -> None:
        """Stop the loop for good, because a call cannot be answered: its caller would wait until the call's timeout."""
        self.note_failure(error)
        self.end()

    def note_failure(self, error: BaseException) -> None:
        """Keep the first ``error`` as the ``failure``, and give back the memory of the functions that it has left."""
        self.failure = self.failure or error
        if error.__traceback__ is not None:
            traceback.clear_frames(error.__traceback__.tb_next)

    def call_soon(self, callback: Callable[..., None], *arguments: Any) -> None:
        """Run a callback on the loop that has to answer a call, sooner or later. If it raises, the worker fails."""
        self.loop.call_soon_threadsafe(self._call_or_fail, callback, *arguments)

    def run_beside(self, run: Callable[[], None]) -> None:
        """Run a function on the main thread while the loop is stopped. The loop's tasks go on afterwards."""
        self.loop.call_soon_threadsafe(self._stop_for, run)
