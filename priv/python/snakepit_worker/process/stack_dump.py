"""Prints the Python stacks of a process to standard error, when it crashes or when the host asks for the stacks."""

from __future__ import annotations

import faulthandler
import signal

SHOW_STACK = signal.SIGUSR2


def show_stack_on_request() -> None:
    """Print the Python stack of every thread on a crash, and on the signal SHOW_STACK, which then ends the process.

    The host sends SHOW_STACK to a process that takes too long to start.
    """
    faulthandler.enable()
    faulthandler.register(SHOW_STACK, all_threads=True, chain=True)
