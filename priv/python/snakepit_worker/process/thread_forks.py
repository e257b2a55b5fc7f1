"""Ends a process that was forked on a thread of the adapter's own, when the code that forked it returns.

Such code returns to the module threading, which would end the process with the exit code 0 and run what C libraries
have registered for an exit, or to a concurrent.futures.ThreadPoolExecutor, which would wait for ever for more work.
"""

from __future__ import annotations

import sys
import threading
from types import FrameType
from typing import Any

from . import forks


def end_with_thread() -> None:
    """End this new process when its only thread, which has forked it, ends or asks for more work."""
    threads: Any = threading
    thread: Any = threads.current_thread()
    if not isinstance(thread, threads._MainThread):  # main_thread() is this thread now, because it is the only one
        thread._invoke_excepthook = _leave_after_error
        thread._delete = forks.leave
    pools: Any = sys.modules.get("concurrent.futures.thread")
    if pools is not None and (queue := pools._threads_queues.get(thread)) is not None:
        while not queue.empty():  # the worker does this work
            queue.get_nowait()
        queue.put(_LastWork(_running_future(pools._WorkItem.run.__code__)))


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
