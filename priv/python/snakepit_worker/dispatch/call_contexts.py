"""Keeps what one call sets for itself from the calls after it: context variables, and the event loop of the thread.

Each call gets a context of its own. What asyncio remembers of a thread is put back after the call.
"""

from __future__ import annotations

import contextvars
import sys
import threading
from collections.abc import Callable
from typing import Any


def call_contexts() -> Callable[[], contextvars.Context]:
    """Return a function that makes the context of one call: a copy of the context in which this function is called.

    A dispatcher calls it on the main thread after the adapter's start(), so every call finds what start() has set.
    """
    base = contextvars.copy_context()
    decimal = sys.modules.get("decimal")
    kept = [(variable, value) for variable, value in base.items() if decimal and isinstance(value, decimal.Context)]
    if not kept:
        return base.copy  # each call of it takes well below a microsecond
    # The precision of decimal is an attribute of an object in a context variable. A copied context would have the same
    # object, and a call that sets the precision would set it for all calls. So each call gets a copy of the object.

    def copied() -> contextvars.Context:
        context = base.copy()
        for variable, value in kept:
            own: Any = value.copy()
            context.run(variable.set, own)
        return context

    return copied


class CurrentLoop:
    """The event loop that ``asyncio.get_event_loop()`` returns on one thread while none runs there.

    ``asyncio.run`` leaves the thread without one, and other code leaves one that is closed. Both would make later calls
    of get_event_loop() fail, or of what it returns. So the thread gets its loop back: the one that start() has set, or
    else the first one that was left open, such as the one that get_event_loop() makes itself, because later calls may
    use what belongs to it. If there is none, asyncio forgets that one was ever set.
    """

    def __init__(self) -> None:
        """Note the loop of this thread. One that is not there, or is closed, is forgotten."""
        self._loop: Any = None
        self.put_back()

    def put_back(self) -> None:
        """Give this thread its loop back. This takes 0.2 µs if there is nothing to do, less if asyncio is not used.

        It runs only code of asyncio, and ``is_closed`` of the loops.
        """
        policy = getattr(sys.modules.get("asyncio.events"), "_event_loop_policy", None)
        local = getattr(policy, "_local", None)
        # A policy of the user's own may keep its loops in another way, or have one for all threads.
        state = vars(local) if isinstance(local, threading.local) else None
        if not state:
            return  # nothing was set on this thread
        loop, kept = state.get("_loop"), self._loop
        if _is_open(kept):
            if loop is not kept:
                state["_loop"] = kept
        elif _is_open(loop):
            self._loop = loop
        else:
            self._loop = None
            state.clear()


def _is_open(loop: Any) -> bool:
    try:
        return loop is not None and not loop.is_closed()
    except Exception:  # of a class of the user's
        return False
