"""An adapter whose event loops lie where no variable of a module leads to directly."""

from __future__ import annotations

import asyncio
import contextvars
import functools
import threading
from typing import Any

from snakepit_worker import tool


def fetch(loop: Any = asyncio.new_event_loop(), *, other: Any = asyncio.new_event_loop()) -> None:  # noqa: B008
    """Have loops as values of parameters that are not given."""


@functools.lru_cache
def cached() -> Any:
    return asyncio.new_event_loop()


cached()
ON_THREAD = threading.local()
ON_THREAD.loop = asyncio.new_event_loop()
IN_CONTEXT: contextvars.ContextVar[Any] = contextvars.ContextVar("in_context")
IN_CONTEXT.set(asyncio.new_event_loop())


@tool
def nothing() -> None:
    pass
