"""An adapter that replaces threads as gevent does: what should run in a thread runs on the thread that starts it."""

from __future__ import annotations

import _thread
import threading
from typing import Any

from snakepit_worker import tool


def _run_here(function: Any, arguments: Any = (), named: Any = None, **_: Any) -> int:
    function(*arguments, **(named or {}))
    return threading.get_ident()


for _module in (_thread, threading):
    for _name in ("start_new_thread", "_start_new_thread", "start_joinable_thread", "_start_joinable_thread"):
        if hasattr(_module, _name):
            setattr(_module, _name, _run_here)


@tool
def answer() -> int:
    return 42
