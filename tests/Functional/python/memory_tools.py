"""An adapter whose tools keep, return and drop arrays in shared memory."""

from __future__ import annotations

import asyncio
import gc
import mmap
import os
import time
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import numpy as np

from snakepit_worker import Context, tool

concurrent = True
_kept: list[Any] = []
_checked: list[tuple[Any, float]] = []  # what is kept, with the sum of its elements when it was new


@tool
def total(given: np.ndarray) -> float:
    return float(given.sum())


@tool
def back(given: np.ndarray) -> np.ndarray:
    return given


@tool
async def back_async(given: np.ndarray) -> np.ndarray:
    await asyncio.sleep(0)
    return given


@tool
def as_bytes(given: bytes) -> bytes:
    return given


@tool
def as_view(given: memoryview) -> str:
    return f"{given.format} {given.shape} {given.readonly}"


@tool
def made(count: int, value: float) -> np.ndarray:
    return np.full(count, value)


@tool
def chunks(given: np.ndarray, count: int) -> Iterator[np.ndarray]:
    for number in range(count):
        yield given + number


@tool
async def chunks_async(given: np.ndarray, count: int) -> AsyncIterator[np.ndarray]:
    for number in range(count):
        yield given + number


@tool
def doubled_by_host(given: np.ndarray, ctx: Context) -> np.ndarray:
    return np.asarray(ctx.host.call("double", given=given))


@tool
def keep(given: np.ndarray, ctx: Context) -> None:
    """Keep a view of a part of the array beyond the call, in the session if there is one."""
    if ctx.session is not None:
        ctx.session.state["kept"] = given[::2]
    else:
        _kept.append(given[::2])
        _checked.append((given[::2], float(given[::2].sum())))


@tool
def changed() -> list[str]:
    """Describe the kept views whose elements have changed."""
    return [f"{view.size}: {view.sum()}, no longer {was}" for view, was in list(_checked) if float(view.sum()) != was]


@tool
def kept_total(ctx: Context) -> float:
    views = [ctx.session.state["kept"]] if ctx.session is not None else _kept
    return float(sum(view.sum() for view in views))


@tool
def drop() -> None:
    _kept.clear()
    _checked.clear()
    gc.collect()


@tool
def fail(given: np.ndarray) -> None:
    raise LookupError(f"an array of {given.size}")


@tool
def wait(given: np.ndarray, marker: str) -> float:
    Path(marker).write_text("begun")
    while True:
        time.sleep(0.01)
        given.sum()


@tool
def end(given: np.ndarray) -> None:
    os._exit(7)


@tool
def try_to_write(given: np.ndarray) -> list[str]:
    """Return what keeps a tool from writing to its arguments: in numpy, in the mapping, and in the file."""
    faults: list[str] = []
    try:
        given[0] = 1
    except ValueError as error:
        faults.append(str(error))
    try:
        given.flags.writeable = True
    except ValueError as error:
        faults.append(str(error))
    host = next(part for part in Path("/proc/self/cmdline").read_text().split("\0") if part.startswith("host_memory="))
    for path in Path(host.partition("=")[2]).parent.iterdir():
        if "memfd:snakepit" in os.readlink(path):
            with open(path, "r+b") as file:
                try:
                    mmap.mmap(file.fileno(), 0)
                    faults.append("mapped")
                except OSError as error:
                    faults.append(str(error))
                try:
                    file.truncate(0)
                    faults.append("truncated")
                except OSError as error:
                    faults.append(str(error))
            break
    return faults


@tool
def numbers() -> list[int]:
    return [1, 2, 3]


@tool
def total_later(given: np.ndarray, marker: str, gate: str) -> float:
    """Add up the array when the file ``gate`` exists."""
    Path(marker).write_text("begun")
    while not Path(gate).exists():
        time.sleep(0.01)
    return float(given.sum())


@tool
def size(given: np.ndarray) -> int:
    return given.size


@tool
def filled(ctx: Context, count: int, value: float, part: int = 0) -> np.ndarray:
    """Return an array that was made in shared memory, or what follows after its first ``part`` elements."""
    made = ctx.empty((2, count))
    made[:] = value
    return made[0, part:] if part else made


@tool
def kept_filled(ctx: Context, count: int, value: float) -> np.ndarray:
    """Return the same array in each call."""
    if not _kept:
        _kept.append(ctx.empty(count, "float64"))
        _kept[0][:] = value
    return _kept[0]
