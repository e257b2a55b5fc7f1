"""An adapter whose template cannot fork: the system has no process left for it."""

from __future__ import annotations

import errno
import os
from typing import NoReturn

from snakepit_worker import Adapter, tool


def _refuse() -> NoReturn:
    raise BlockingIOError(errno.EAGAIN, os.strerror(errno.EAGAIN))


class CannotFork(Adapter):
    def prepare(self) -> None:
        os.fork = _refuse

    @tool
    def nothing(self) -> None:
        pass
