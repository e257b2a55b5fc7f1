"""The standard library as it was before the adapter was imported.

Libraries such as gevent replace functions in modules of the standard library when an adapter imports them. The code
that forks workers, receives frames and looks after processes uses these copies of the modules, so it goes on to work.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import os
    import select
    import selectors
    import signal
    import socket
    import time
else:
    import importlib
    from types import ModuleType

    def _copy(name: str) -> ModuleType:
        copied = ModuleType(name)
        vars(copied).update(vars(importlib.import_module(name)))
        return copied

    os, select, selectors, signal, socket, time = map(_copy, ("os", "select", "selectors", "signal", "socket", "time"))

__all__ = ["os", "select", "selectors", "signal", "socket", "time"]
