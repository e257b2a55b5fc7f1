"""Tools with the names of those that the growth of memory is measured with. They leave things open, or close them."""

from __future__ import annotations

import itertools
import os
import threading
from typing import IO, Any

from snakepit_worker import tool

_LEFTOVER = os.environ["LEFTOVER"]
_WARM_UP = 2  # the first call is not measured

_open: list[IO[Any]] = []
_calls = itertools.count(1)


@tool
def ping() -> None:
    """Leave a file open, or a thread running, or close the file that the first call has opened."""
    call = next(_calls)
    if _LEFTOVER == "file":
        _open.append(open("/dev/null"))  # noqa: SIM115
    elif _LEFTOVER == "thread" and call == _WARM_UP:
        threading.Thread(target=threading.Event().wait, daemon=True).start()
    elif _LEFTOVER == "close" and call < _WARM_UP:
        _open.append(open("/dev/zero"))  # noqa: SIM115
    elif _LEFTOVER == "close" and _open:
        _open.pop().close()


@tool
def allocated_bytes() -> int:
    """Return a number that does not grow."""
    return 1
