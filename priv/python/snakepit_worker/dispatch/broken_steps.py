"""Ends tasks whose step has failed outside of their coroutine, because nothing would wake them any more.

A task that awaits something it cannot await gets an error with the ``repr`` of what it has awaited. If its ``__repr__``
raises, the event loop gets the exception instead of the task.
"""

from __future__ import annotations

import asyncio
from types import TracebackType
from typing import Any

from ..payloads.descriptions import described

_HANDLE: Any = asyncio.Handle
_RUN = _HANDLE._run.__code__
_BASE: Any = asyncio.Future  # a task refuses an exception, but has what a future has


def end_broken_tasks(loop: asyncio.AbstractEventLoop) -> None:
    """Make the exception that a step of a task has raised the task's own. The loop logs it as well.

    This does not take the place of the loop's exception handler, because a tool may set another one.
    """
    changed: Any = loop
    call_handler = changed.call_exception_handler

    def call_exception_handler(context: dict[str, Any]) -> None:
        error = context.get("exception")
        if error is not None:
            _end(context.get("handle"), error)
        call_handler(context)

    changed.call_exception_handler = call_exception_handler


def end_task_of(error: BaseException) -> None:
    """Make ``error``, which has ended the loop, the exception of the task whose step has raised it, if it has one."""
    trace: TracebackType | None = error.__traceback__
    while trace is not None:
        if trace.tb_frame.f_code is _RUN:
            _end(trace.tb_frame.f_locals.get("self"), error)
        trace = trace.tb_next


def _end(handle: Any, error: BaseException) -> None:
    try:
        task: Any = getattr(getattr(handle, "_callback", None), "__self__", None)
    except BaseException:  # the callback is no task's step, but an object of the user's
        return
    if issubclass(type(task), asyncio.Task) and not task.done():
        _BASE.set_exception(task, RuntimeError(f"the task has awaited what cannot be awaited: {described(error)}"))
