"""Adapters with the same plain tools, which tell what they see around them. Some have async tools too."""

from __future__ import annotations

import asyncio
import contextvars
import decimal
import signal
import sys
import threading
import warnings
from collections.abc import AsyncIterator, Iterator
from typing import Any

from probe_marks import mark

from snakepit_worker import Adapter, tool

_VARIABLE: contextvars.ContextVar[str] = contextvars.ContextVar("variable", default="unset")
_FROM_START: contextvars.ContextVar[str] = contextvars.ContextVar("from_start", default="unset")


def _values() -> list[Any]:
    """Return what a call finds of context variables and of decimal, and change all of it for whoever would see that."""
    found = [_VARIABLE.get(), _FROM_START.get(), decimal.getcontext().prec, str(decimal.Decimal(1) / 3)]
    _VARIABLE.set("set by a call")
    _FROM_START.set("changed by a call")
    decimal.getcontext().prec = 3
    return found


_loops: list[asyncio.AbstractEventLoop] = []


def _number_of(loop: asyncio.AbstractEventLoop) -> int:
    if loop not in _loops:
        _loops.append(loop)
    return _loops.index(loop)


def _current_loop() -> asyncio.AbstractEventLoop:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return asyncio.get_event_loop()


class Plain(Adapter):
    """An adapter whose tools are all plain functions and generators."""

    def start(self) -> None:
        _FROM_START.set("set by start")
        decimal.getcontext().prec = 7

    @tool
    def runs_a_loop(self) -> str:
        async def answer() -> str:
            await asyncio.sleep(0)
            return "ran"

        return asyncio.run(answer())

    @tool
    def drives_the_threads_own_loop(self) -> str:
        """Do what scripts did before asyncio.run existed."""

        async def answer() -> str:
            return "driven"

        try:
            loop = _current_loop()
        except RuntimeError:  # from Python 3.14 on, there is none until one is set
            loop = asyncio.new_event_loop()
            asyncio.set_event_loop(loop)
        return loop.run_until_complete(answer())

    @tool
    def drives_the_current_loop(self) -> int:
        """Run the loop that asyncio.get_event_loop() returns, and return its number among all loops of this process."""

        async def number() -> int:
            return _number_of(asyncio.get_running_loop())

        return _current_loop().run_until_complete(number())

    @tool
    def leaves(self, what: str) -> None:
        """Leave the thread without a loop, or with one, as tools do that do not clean up."""
        if what == "nothing":
            asyncio.run(asyncio.sleep(0))
        elif what == "a closed loop":
            loop = asyncio.new_event_loop()
            asyncio.set_event_loop(loop)
            loop.close()
        elif what == "its loop closed":
            _current_loop().close()
        elif what == "another loop":
            asyncio.set_event_loop(asyncio.new_event_loop())

    @tool
    def sees(self) -> dict[str, Any]:
        try:
            running = str(asyncio.get_running_loop())
        except RuntimeError:
            running = ""
        before = signal.signal(signal.SIGALRM, signal.SIG_IGN)
        signal.signal(signal.SIGALRM, before)
        return {
            "main thread": threading.current_thread() is threading.main_thread(),
            "running loop": running,
            "handled exception": sys.exc_info()[0] is not None,
            "hooks of a loop": sys.get_asyncgen_hooks().firstiter is not None,
        }

    @tool
    def waits_in_a_loop(self, marker: str) -> None:
        async def wait() -> None:
            mark(marker)
            await asyncio.sleep(1000)

        asyncio.run(wait())

    @tool
    def finds(self) -> list[Any]:
        return _values()

    @tool
    def chunks(self) -> Iterator[list[Any]]:
        yield _values()
        yield _values()


class BesideAsync(Plain):
    """The same tools, and async ones beside them."""

    _counted = 0

    @tool
    async def leaves_a_task(self) -> None:
        async def count() -> None:
            while True:
                await asyncio.sleep(0.001)
                self._counted += 1

        self._task = asyncio.get_running_loop().create_task(count())

    @tool
    async def counts_on(self) -> bool:
        """Wait until the task that was left behind has counted on, and end it."""
        before = self._counted
        while self._counted == before:
            await asyncio.sleep(0.001)
        self._task.cancel()
        return True

    @tool
    async def finds_async(self) -> list[Any]:
        await asyncio.sleep(0)
        return _values()

    @tool
    async def chunks_async(self) -> AsyncIterator[list[Any]]:
        yield _values()
        yield _values()


class WithLoop(Plain):
    """The same tools. The start has set an event loop."""

    def start(self) -> None:
        super().start()
        loop = asyncio.new_event_loop()
        asyncio.set_event_loop(loop)
        _number_of(loop)


class RanInStart(BesideAsync):
    """The same tools, and async ones beside them. The start has run an event loop to its end."""

    def start(self) -> None:
        super().start()
        asyncio.run(asyncio.sleep(0))

    @tool
    async def leaves_async(self) -> None:
        asyncio.set_event_loop(None)


class Threaded(BesideAsync):
    """The same tools, several of which may run in one worker at the same time."""

    concurrent = True
