"""An adapter whose variable HOW names in which way tools get lost."""

from __future__ import annotations

import functools
import os
from typing import Any

from snakepit_worker import Adapter, tool

HOW = os.environ["HOW"]


def _double(given: int) -> int:
    return 2 * given


class Base(Adapter):
    @tool
    def overridden(self, given: int) -> int:
        return given


class Loses(Base):
    def __init__(self) -> None:
        self.dynamic = tool(self._times)
        if HOW == "in a list of the instance":
            self.many = [tool(functools.partial(self._times, 2))]

    def overridden(self, given: int) -> int:
        return given

    def _times(self, given: int) -> int:
        return 2 * given

    @tool
    def twice(self, given: int) -> int:
        return 2 * given

    if HOW == "defined twice":

        @tool
        def twice(self, given: int) -> int:  # pyright: ignore[reportRedeclaration]
            return 2 * given

    if HOW == "in a list of the class":
        many: Any = [tool(functools.partial(_double, 2))]


del Base  # so that the module has one adapter
