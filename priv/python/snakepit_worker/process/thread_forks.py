"""Ends a process that was forked on a thread of the adapter's own, when the code that forked it returns.

Such code returns to the module threading or, on a thread that the module _thread or a C library has started, to C
code. Both would end the process with the exit code 0 and run what C libraries have registered for an exit, which may
wait for ever for threads that the process does not have. Or it returns to a concurrent.futures.ThreadPoolExecutor,
which would wait for ever for more work.
"""

from __future__ import annotations

import sys
import threading
from types import FrameType
from typing import Any

from . import forks

_main_ident = threading.main_thread().ident
_of_thread = threading.local()


def end_with_thread() -> None:
    """End this new process when its only thread, which has forked it, ends or asks for more work."""
    threads: Any = threading
    thread: Any = threads.current_thread()
    if threads.get_ident() == _main_ident:
        return
    # main_thread() is this thread now, because it is the only one. A thread of C code is made a _MainThread too.
    if isinstance(thread, (threads._MainThread, threads._DummyThread)):
        if not hasattr(_of_thread, "last"):  # else a process that this package lets end so has forked this one
            _of_thread.last = _Last()
        return
    thread._invoke_excepthook = _leave_after_error
    thread._delete = forks.leave
    pools: Any = sys.modules.get("concurrent.futures.thread")
    if pools is not None and (queue := pools._threads_queues.get(thread)) is not None:
        while not queue.empty():  # the worker does this work
            queue.get_nowait()
        queue.put(_LastWork(_running_future(pools._WorkItem.run.__code__)))


class _Last:
    """What a thread of C code has for itself. Python deletes it when the code that the thread calls has returned."""

    def __del__(self) -> None:
        forks.leave()


class _LastWork:
    """What a thread of a ThreadPoolExecutor does when it has run the function that forked the process."""

    def __init__(self, future: Any) -> None:
        self._future = future

    def run(self, *_: object) -> None:
        future = self._future
        forks.leave(None if future is None or not future.done() or future.cancelled() else future.exception())


def _running_future(run: object) -> Any:
    frame: FrameType | None = sys._getframe()  # pyright: ignore[reportPrivateUsage]
    while frame is not None and frame.f_code is not run:
        frame = frame.f_back
    return None if frame is None else frame.f_locals["self"].future


def _leave_after_error(_: object) -> None:
    forks.leave(sys.exc_info()[1])
