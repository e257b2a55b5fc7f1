"""An adapter with random generators that are made before its workers are, in modules, containers and closures."""

from __future__ import annotations

import os
import random
from collections.abc import Callable
from typing import Any, NoReturn

from meeting import wait_for_others

from snakepit_worker import Adapter, Context, tool

random.seed(5)
_OWN = random.Random(5)
_HELD = {"generators": [random.Random(6)]}


class _Counting(random.Random):
    """Makes its own numbers, from a state that a seed sets."""

    def seed(self, a: Any = None, version: int = 2) -> None:
        self._next = int(a or 0)

    def random(self) -> float:
        self._next += 1
        return self._next % 1_000_003 / 1_000_003

    def getstate(self) -> Any:
        return self._next


_COUNTING = _Counting(7)


def _closure() -> Callable[[], float]:
    hidden = random.Random(8)

    def draw() -> float:
        return hidden.random()

    return draw


_from_closure = _closure()


class Drawing(Adapter):
    def __init__(self) -> None:
        self._mine = random.Random(9)
        self._mine.gauss()  # makes two numbers and keeps one of them

    @tool
    def draw(self, meeting: str, calls: int, ctx: Context) -> list[Any]:
        wait_for_others(meeting, calls)
        drawn = [random.random(), _OWN.random(), _HELD["generators"][0].random(), _COUNTING.random(), _from_closure()]
        return [ctx.worker, os.getpid(), *drawn, self._mine.gauss()]

    @tool
    def die(self) -> NoReturn:
        os._exit(1)
