"""Gives each call a context of its own, so that context variables that one call sets are unknown to the next one."""

from __future__ import annotations

import contextvars
import sys
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
