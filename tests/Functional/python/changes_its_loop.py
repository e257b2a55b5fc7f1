"""An adapter whose async tools change the event loop of their worker, or leave work on it that is open at its end."""

from __future__ import annotations

import asyncio
import atexit
import contextvars
import os
import time
from collections.abc import AsyncIterator, Coroutine
from pathlib import Path
from typing import Any

import hostile_async_objects

from snakepit_worker import tool

concurrent = True

_tenant: contextvars.ContextVar[str] = contextvars.ContextVar("tenant")
_kept: list[Any] = []


def _with_tenant(loop: asyncio.AbstractEventLoop, coro: Coroutine[Any, Any, Any], **named: Any) -> asyncio.Task[Any]:
    return asyncio.Task(coro, loop=loop, name=f"of {_tenant.get()}")


def _of_two_arguments(loop: asyncio.AbstractEventLoop, coro: Coroutine[Any, Any, Any]) -> asyncio.Task[Any]:
    return asyncio.Task(coro, loop=loop, name="of two arguments")


class _Uncancellable(asyncio.Task[Any]):
    def cancel(self, msg: Any = None) -> bool:
        raise LookupError("this task cannot be cancelled")


def _uncancellable(loop: asyncio.AbstractEventLoop, coro: Coroutine[Any, Any, Any], **named: Any) -> asyncio.Task[Any]:
    return _Uncancellable(coro, loop=loop)


@tool
async def set_factory(kind: str) -> str:
    """Set a task factory, and return the name of a task that it makes."""
    _tenant.set("somebody")
    asyncio.get_running_loop().set_task_factory({"tenant": _with_tenant, "old": _of_two_arguments}[kind])

    async def named() -> str:
        task = asyncio.current_task()
        return task.get_name() if task else ""

    return (await asyncio.gather(named()))[0]


@tool
async def set_debug() -> None:
    asyncio.get_running_loop().set_debug(True)
    asyncio.get_running_loop().slow_callback_duration = 0.0


@tool
async def set_handler(kind: str) -> None:
    """Set an exception handler that keeps exceptions to itself, or one that ends programs."""

    def handle(_: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
        if kind == "ends":
            raise SystemExit(3)

    asyncio.get_running_loop().set_exception_handler(handle)


@tool
async def answer() -> int:
    await asyncio.sleep(0)
    return os.getpid()


@tool
async def numbers(count: int) -> AsyncIterator[int]:
    for number in range(count):
        yield number


@tool
async def await_what_cannot_be_shown() -> None:
    await hostile_async_objects.awaits_async()


@tool
async def leave_open(life: str, how: str) -> None:
    """Leave an asynchronous generator in use, and a task that cannot be cancelled; note their ends in a file."""

    async def generate() -> AsyncIterator[int]:
        try:
            yield 1
        finally:
            if how == "blocks":
                time.sleep(1000)
            await asyncio.sleep(1000 if how == "hangs" else 0)
            _note(life, "generator")

    generator = generate()
    await anext(generator)
    atexit.register(_note, life, "exit handler")
    loop = asyncio.get_running_loop()
    loop.set_task_factory(_uncancellable)
    _kept.extend((generator, loop.create_task(asyncio.sleep(1000))))


def _note(life: str, what: str) -> None:
    with Path(life).open("a", encoding="utf-8") as file:
        file.write(what + "\n")
