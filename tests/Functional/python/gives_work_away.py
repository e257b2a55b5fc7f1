"""Async tools that give work to executors."""

from __future__ import annotations

import asyncio
import os
import time
from collections.abc import AsyncIterator, Callable
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from pathlib import Path
from typing import Any

from probe_marks import mark

from snakepit_worker import Adapter, tool


def _until(gate: str, marker: str) -> str:
    mark(marker)
    while not Path(gate).exists():
        time.sleep(0.01)
    return "opened"


def _two(work: Callable[..., Any], *arguments: str) -> Any:
    return asyncio.gather(asyncio.to_thread(work, *arguments), asyncio.to_thread(time.sleep, 0.01))


class GivesWorkAway(Adapter):
    concurrent = True

    def start(self) -> None:
        self.threads = ThreadPoolExecutor(2)
        self.processes = ProcessPoolExecutor(2)

    @tool
    async def waits(self, how: str, gate: str, marker: str) -> str:
        """Wait in an executor until the gate opens."""
        loop = asyncio.get_running_loop()
        if how == "to_thread":
            return await asyncio.to_thread(_until, gate, marker)
        if how == "gather":
            return (await _two(_until, gate, marker))[0]
        if how == "wait_for":
            return await asyncio.wait_for(asyncio.to_thread(_until, gate, marker), 1000)
        if how == "own default":
            loop.set_default_executor(ThreadPoolExecutor(2))
            return await loop.run_in_executor(None, _until, gate, marker)
        executor = self.threads if how == "own threads" else self.processes
        return await loop.run_in_executor(executor, _until, gate, marker)

    @tool
    async def streams(self, gate: str, marker: str) -> AsyncIterator[str]:
        yield await asyncio.to_thread(_until, gate, marker)

    @tool
    async def works(self, how: str) -> str:
        """Have something done in the same executor."""
        loop = asyncio.get_running_loop()
        executor = self.threads if how == "own threads" else self.processes if how == "processes" else None
        await loop.run_in_executor(executor, time.sleep, 0)
        return "done"

    @tool
    async def pid(self) -> int:
        return os.getpid()
