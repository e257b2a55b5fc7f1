"""An adapter whose template cannot fork: the system has no process left for it."""

from __future__ import annotations

import errno
import os
from typing import NoReturn

from snakepit_worker import Adapter, originals, tool


def _refuse() -> NoReturn:
    raise BlockingIOError(errno.EAGAIN, os.strerror(errno.EAGAIN))


class CannotFork(Adapter):
    def prepare(self) -> None:
        originals.os.fork = _refuse  # the template does not notice what replaces os.fork itself

    @tool
    def nothing(self) -> None:
        pass
