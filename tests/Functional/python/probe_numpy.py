"""An adapter with generators of NumPy that are made before its workers are."""

from __future__ import annotations

import os
from typing import Any, NoReturn

import numpy as np
from meeting import wait_for_others

from snakepit_worker import Adapter, Context, tool

np.random.seed(5)
_GENERATORS: dict[str, list[Any]] = {
    "generators": [
        np.random.default_rng(5),
        np.random.Generator(np.random.Philox(6)),
        np.random.Generator(np.random.SFC64(7)),
    ]
}
_SEEDS = np.random.SeedSequence(8)


class Drawing(Adapter):
    def prepare(self) -> None:
        self._old = np.random.RandomState(9)
        self._old.standard_normal()  # makes two numbers and keeps one of them

    @tool
    def draw(self, meeting: str, calls: int, ctx: Context) -> list[Any]:
        wait_for_others(meeting, calls)
        drawn = [np.random.rand(), *(generator.random() for generator in _GENERATORS["generators"])]
        spawned = np.random.default_rng(_SEEDS.spawn(1)[0])
        return [ctx.worker, os.getpid(), *map(float, [*drawn, self._old.standard_normal(), spawned.random()])]

    @tool
    def die(self) -> NoReturn:
        os._exit(1)
