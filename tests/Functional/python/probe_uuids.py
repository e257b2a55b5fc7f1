"""An adapter that makes UUIDs when it is imported, and later in its workers."""

from __future__ import annotations

import os
import uuid
from typing import Any, NoReturn

from meeting import wait_for_others

from snakepit_worker import Context, tool

_FIRST = uuid.uuid1()


@tool
def draw(meeting: str, calls: int, ctx: Context) -> list[Any]:
    """Return the part of a UUID of version 1 by which processes differ that ask for one at the same time."""
    wait_for_others(meeting, calls)
    made = uuid.uuid1()
    if (made.node, made.version, made.variant) != (_FIRST.node, 1, uuid.RFC_4122) or made.time <= _FIRST.time:
        raise ValueError(f"{made} has not been made as {_FIRST} was")
    return [ctx.worker, os.getpid(), made.clock_seq]


@tool
def die() -> NoReturn:
    os._exit(1)
