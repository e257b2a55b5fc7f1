"""Tells whether threads are threads. Libraries such as gevent can replace them with tasks of the main thread."""

from __future__ import annotations

import _thread
import threading

_start_new_thread = _thread.start_new_thread
_get_native_id = threading.get_native_id


def are_real() -> bool:
    """Tell whether a thread runs beside the thread that has started it."""
    if _thread.start_new_thread is _start_new_thread:
        return True  # nothing has been replaced since this module was imported
    # A debugger replaces the function too, and its threads are real.
    ran_on: list[int] = []
    done = threading.Event()

    def run() -> None:
        ran_on.append(_get_native_id())
        done.set()

    threading.Thread(target=run, daemon=True).start()
    done.wait()
    return ran_on != [_get_native_id()]
