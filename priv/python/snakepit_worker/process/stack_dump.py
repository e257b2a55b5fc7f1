"""Python stacks on standard error, when a process crashes or when the host asks for them."""

from __future__ import annotations

import faulthandler
import signal

SHOW_STACK = signal.SIGUSR2


def show_stack_on_request() -> None:
    """Print every thread's Python stack on a crash, and on SHOW_STACK, which then ends the process.

    The host sends that signal to a process that takes too long to start.
    """
    faulthandler.enable()
    faulthandler.register(SHOW_STACK, all_threads=True, chain=True)
