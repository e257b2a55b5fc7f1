"""Tools that tell of their work by spans and metrics."""

from __future__ import annotations

import contextvars
import logging
import os
import sys
import threading
import time
from collections.abc import Iterator
from typing import Any

from probe_marks import mark

from snakepit_worker import Context, tool

_log = logging.getLogger("tables.cleaning")
_log.setLevel(logging.DEBUG)


@tool
def spans(ctx: Context) -> str:
    with ctx.span("outer", text="a", number=1, ratio=0.5, flag=True, other=[1, 2]) as outer:
        with ctx.span("inner"):
            time.sleep(0.02)
        outer.set(kept=7)
    return "done"


@tool
def failing_span(ctx: Context) -> None:
    with ctx.span("fails"):
        raise KeyError("no such row")


@tool
def metrics(ctx: Context, name: str, values: list[float], unit: str = "{row}") -> None:
    for value in values:
        ctx.metric(name, value, unit=unit, source="csv")


@tool
def many(ctx: Context, spans: int, measurements: int, characters: int = 1) -> None:
    for _ in range(spans):
        with ctx.span("one of many", text="x" * characters):
            pass
    for _ in range(measurements):
        ctx.metric("one_of_many", 1)


@tool
def asks_host(ctx: Context, name: str) -> Any:
    with ctx.span("asks"):
        return ctx.host.call(name)


@tool
def stream(ctx: Context, upto: int, marker: str = "") -> Iterator[int]:
    with ctx.span("whole"):
        for number in range(upto):
            with ctx.span(f"chunk {number}"):
                pass
            yield number
            mark(marker)


@tool
def dies_once(ctx: Context, marker: str) -> str:
    """Kill the worker at the first call, and return at the second."""
    again = os.path.exists(marker)
    mark(marker)
    with ctx.span("second attempt" if again else "first attempt"):
        if not again:
            with ctx.span("asks"):
                ctx.host.call("nothing")
            os._exit(3)
    return "done"


@tool
def waits(ctx: Context, marker: str) -> None:
    with ctx.span("waits in python"):
        mark(marker)
        time.sleep(1000)


@tool
def threads(ctx: Context) -> None:
    """Make spans on threads: one that knows nothing of the span around it, and one that has its context."""
    with ctx.span("around"):

        def work(name: str) -> None:
            with ctx.span(name):
                pass

        started = [
            threading.Thread(target=work, args=("alone",)),
            threading.Thread(target=contextvars.copy_context().run, args=(work, "with context")),
        ]
        for thread in started:
            thread.start()
        for thread in started:
            thread.join()


@tool
def has_imported(module: str) -> bool:
    return module in sys.modules


@tool
def sleeps_in(ctx: Context, name: str, ms: float) -> None:
    with ctx.span(name), ctx.span(f"inside {name}"):
        time.sleep(ms / 1000)


@tool
def logs(ctx: Context) -> None:
    """Log at every level, and print what looks a little like a log line."""
    for level in ("debug", "info", "warning", "error", "critical"):
        getattr(_log, level)("at the level %s", level)
    try:
        try:
            raise KeyError("first")
        except KeyError:
            raise ValueError("second") from None
    except ValueError:
        ctx.log.exception("with a traceback")
    print("WARNING of nothing")
    print("  indented, but not a part of a traceback")
