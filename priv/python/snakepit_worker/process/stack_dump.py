"""Writes the Python stacks of a process to the log of the host, when it crashes or the host asks for the stacks."""

from __future__ import annotations

import faulthandler
import signal

from . import output

SHOW_STACK = signal.SIGUSR2


def show_stack_on_request() -> None:
    """Write the Python stack of every thread on a crash, and on the signal SHOW_STACK, which then ends the process.

    The host sends SHOW_STACK to a process that takes too long to start. Call this after the output was redirected.
    """
    faulthandler.enable(output.descriptor())
    faulthandler.register(SHOW_STACK, output.descriptor(), all_threads=True, chain=True)
