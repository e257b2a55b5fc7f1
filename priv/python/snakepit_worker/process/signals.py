"""Leaves it to the host to end this process when a service manager or a terminal signals all processes of a program.

systemd, for example, sends SIGTERM to every process of a service. The host then lets running calls end, and a worker
that ended at once would lose them. When the host itself wants to end a worker by SIGTERM, it first asks the worker to
give that signal its effect again.
"""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Callable
from types import FrameType

from . import forks

_LEFT_TO_HOST = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP, signal.SIGQUIT)

_masks: dict[int, set[int]] = {}  # by thread, the signals that it blocked before it began to fork


def leave_to_host() -> None:
    """Do nothing on the signals by which programs are ended, unless they are ignored or have another handler already.

    They get a handler and are not ignored, because the programs that tools start would go on ignoring them. Processes
    that tools fork get the default effects back. Call this after ``forks.watch``.
    """
    for number in _LEFT_TO_HOST:
        if signal.getsignal(number) in (signal.SIG_DFL, signal.default_int_handler):
            signal.signal(number, _do_nothing)
            signal.siginterrupt(number, False)  # C code that waits in the kernel goes on waiting
    os.register_at_fork(before=_hold, after_in_parent=_release, after_in_child=_release)


def obey_host() -> None:
    """Do what the host has asked for: let SIGTERM end this process, unless the adapter handles that signal."""
    _request.obey()


def obey_host_by(action: Callable[[], None]) -> None:
    """Call ``action`` when the host asks this process to end, and go on doing nothing on SIGTERM."""
    _request.obey = action


def _restore(number: int) -> None:
    if signal.getsignal(number) is _do_nothing:
        signal.signal(number, signal.default_int_handler if number == signal.SIGINT else signal.SIG_DFL)


def _restore_all() -> None:
    for number in _LEFT_TO_HOST:
        _restore(number)


def _restore_sigterm() -> None:
    _restore(signal.SIGTERM)


def _hold() -> None:
    """Let signals wait during a fork, because Python forgets those that arrive before the new process runs code."""
    if not forks.are_workers():
        _masks[threading.get_ident()] = signal.pthread_sigmask(signal.SIG_BLOCK, _LEFT_TO_HOST)


def _release() -> None:
    if (mask := _masks.pop(threading.get_ident(), None)) is not None:
        if forks.is_fork():
            _restore_all()
        signal.pthread_sigmask(signal.SIG_SETMASK, mask)


def _do_nothing(number: int, frame: FrameType | None) -> None:
    if forks.is_fork():  # C code has forked this process
        _restore_all()
        os.kill(os.getpid(), number)


class _Request:
    def __init__(self) -> None:
        """Let SIGTERM end this process when the host asks for it."""
        self.obey: Callable[[], None] = _restore_sigterm


_request = _Request()
