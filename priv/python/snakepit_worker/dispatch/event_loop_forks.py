"""Ends a process that code on the worker's event loop has forked, when that code returns to the loop.

The process has a copy of the loop. If it went on with the loop, it would run the other tasks a second time, and the
kernel's list of watched files, which both processes share, would no longer be the worker's own.
"""

from __future__ import annotations

import asyncio
import threading
from typing import Any

from ..process import forks
from ..process.waits import waits_for


def leave_loop_in_forks(loop: asyncio.AbstractEventLoop) -> None:
    """End each process that is forked on the thread of ``loop``, as soon as control returns to the loop.

    Call this on the loop's thread. Tools whose calls return earlier have ended the process already.
    """
    thread = threading.get_ident()

    def leave_soon() -> None:
        if threading.get_ident() != thread:
            return  # the loop does not run in the new process
        if loop.is_closed():
            return  # the worker ends, and an exit handler has forked: no code returns to the loop any more
        task = asyncio.current_task(loop)
        ready: Any = getattr(loop, "_ready", None)
        if ready is not None:  # asyncio's own loop: what else was about to run must not run here too
            ready.clear()
        loop.set_exception_handler(_leave_after_callback)
        loop.call_soon(_leave_after_task, task)

    forks.in_each(leave_soon)
    waits_for(loop, getattr(getattr(loop, "_selector", None), "select", None))


def _leave_after_callback(_: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
    error = context.get("exception")
    forks.leave(error if isinstance(error, BaseException) else None)


def _leave_after_task(task: asyncio.Task[Any] | None) -> None:
    if task is None or task.cancelled():
        forks.leave()
    if not task.done():
        forks.leave(RuntimeError(f"{task.get_name()} awaits on the event loop of the worker, which this process lacks"))
    forks.leave(task.exception())
