"""Generators that end early, end late or never end."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from typing import Any

from probe_marks import mark
from probe_stubborn import uninterruptible
from probe_waits import busy_loop

from snakepit_worker import tool


@tool
def nothing() -> Iterator[int]:
    yield from ()


@tool
def count(upto: int) -> Iterator[int]:
    yield from range(upto)


@tool
def slow_generator(upto: int, delay_ms: float) -> Iterator[int]:
    for number in range(upto):
        if number > 0:
            time.sleep(delay_ms / 1000)
        yield number


@tool
def gated_generator(gate: str) -> Iterator[str]:
    """Yield the second chunk only once the file ``gate`` exists."""
    yield "first"
    while not os.path.exists(gate):
        time.sleep(0.002)
    yield "second"


@tool
def stepwise_generator(upto: int, seen: str) -> Iterator[int]:
    """Yield each chunk only once the directory ``seen`` has a file that is named like the previous chunk."""
    for number in range(upto):
        while number > 0 and not os.path.exists(f"{seen}/{number - 1}"):
            time.sleep(0.002)
        yield number


@tool
def late_generator(gate: str) -> Iterator[str]:
    """Yield the first chunk only once the file ``gate`` exists, and never yield a second chunk."""
    while not os.path.exists(gate):
        time.sleep(0.002)
    yield "first"
    time.sleep(1000)


@tool
def infinite(produced: str) -> Iterator[int]:
    """Yield as fast as possible; when the stream is closed, write the number of chunks to the file ``produced``."""
    number = 0
    try:
        while True:
            number += 1
            yield number
    finally:
        mark(produced, str(number))


@tool
def failing_generator(after: int) -> Iterator[int]:
    yield from range(after)
    raise ValueError(f"failed after {after}")


@tool
def not_encodable_chunk() -> Iterator[Any]:
    yield 1
    yield object()


@tool
def generator_with_cleanup(closed: str, resumed: str = "") -> Iterator[int]:
    try:
        yield 1
        mark(resumed)
        while True:
            time.sleep(1000)
    finally:
        mark(closed, "closed")


@tool
def busy_generator(marker: str) -> Iterator[int]:
    yield 1
    busy_loop(marker)


@tool
def uninterruptible_generator(marker: str) -> Iterator[int]:
    yield 1
    uninterruptible(marker)


@tool
def generator_that_ignores_its_end() -> Iterator[int]:
    """Yield another chunk, instead of ending, when the generator is closed."""
    while True:
        try:
            yield 1
        except GeneratorExit:
            pass


@tool
def generator_that_stays() -> Iterator[int]:
    """Block for ever when the generator is closed."""
    try:
        yield 1
    finally:
        while True:
            try:
                time.sleep(1000)
            except:  # noqa: E722
                pass
