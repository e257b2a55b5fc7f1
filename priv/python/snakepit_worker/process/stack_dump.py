"""Python stacks on standard error, when a process crashes or when the host asks for them."""

from __future__ import annotations

import faulthandler
import signal


def show_stack_on_request() -> None:
    """Print every thread's Python stack on a crash, and on SIGUSR2, which then ends the process.

    The host sends SIGUSR2 to a process that takes too long to start.
    """
    faulthandler.enable()
    faulthandler.register(signal.SIGUSR2, all_threads=True, chain=True)
