"""Leaves it to the host to end this process when a service manager or a terminal signals all processes of a program.

systemd, for example, sends SIGTERM to every process of a service. The host then lets running calls end, and a worker
that ended at once would lose them. When the host itself wants to end a worker by SIGTERM, it first asks the worker to
give that signal its effect again.

Code of the adapter may have a handler of its own, which stays. When it takes its handler away, the signal has its
default effect, as if this module had never changed it: asyncio does so when it closes a loop with signal handlers. So
the worker calls ``leave_again`` after each call.
"""

from __future__ import annotations

import importlib
import threading
from collections.abc import Callable
from types import FrameType
from typing import Any

from ..originals import os, signal
from . import forks

_LEFT_TO_HOST = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP, signal.SIGQUIT)
# The function of C below signal.getsignal, which takes 2 µs longer because it makes members of an enum of what it
# returns.
_c_module: Any = importlib.import_module("_signal")
_handler_of: Callable[[int], Any] = _c_module.getsignal
_SIGTERM, _SIGINT, _SIGHUP, _SIGQUIT = map(int, _LEFT_TO_HOST)

# The handlers that these signals had after the last look. A signal that is ignored, as a shell makes it for a program
# in the background, and one that the adapter handles, keep theirs.
_seen: list[Any] = [None, None, None, None]
_masks: dict[int, set[int]] = {}  # by thread, the signals that it blocked before it began to fork


def leave_to_host() -> None:
    """Do nothing on the signals by which programs are ended, unless they are ignored or have another handler already.

    They get a handler and are not ignored, because the programs that tools start would go on ignoring them. Processes
    that tools fork get the default effects back. Call this after ``forks.watch``.
    """
    _request.is_left = True
    for number in _LEFT_TO_HOST:
        _leave(number)
    _remember()
    os.register_at_fork(before=_hold, after_in_parent=_release, after_in_child=_release)


def leave_again() -> None:
    """Do nothing on the signals whose default effect code of the adapter has brought back. Main thread only.

    This takes 0.15 µs if there is nothing to do. It does nothing in a process that has not called ``leave_to_host``.
    """
    found, seen = _handler_of, _seen
    if (
        found(_SIGTERM) is not seen[0]
        or found(_SIGINT) is not seen[1]
        or found(_SIGHUP) is not seen[2]
        or found(_SIGQUIT) is not seen[3]
    ):
        _leave_all_again()


def obey_host() -> None:
    """Do what the host has asked for: let SIGTERM end this process, unless the adapter handles that signal."""
    _request.is_obeyed = True  # before the effect is there, so that leave_again does not take it away
    _request.obey()


def has_host_asked() -> bool:
    """Tell whether the host has asked this process to end."""
    return _request.is_obeyed


def obey_host_by(action: Callable[[], None]) -> None:
    """Call ``action`` when the host asks this process to end, and go on doing nothing on SIGTERM."""
    _request.obey = action


def _leave(number: int) -> None:
    if signal.getsignal(number) in (signal.SIG_DFL, signal.default_int_handler):
        signal.signal(number, _do_nothing)
        signal.siginterrupt(number, False)  # C code that waits in the kernel goes on waiting


def _leave_all_again() -> None:
    if _request.is_left:
        for number in _LEFT_TO_HOST:
            if number != signal.SIGTERM or not _request.is_obeyed:
                _leave(number)
        if _request.is_obeyed:  # perhaps since the line above: the host asks by a signal
            _request.obey()
    _remember()


def _remember() -> None:
    _seen[:] = [_handler_of(number) for number in _LEFT_TO_HOST]


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
    """What the host has asked for. ``is_left`` tells whether this process leaves signals to the host at all."""

    def __init__(self) -> None:
        """Let SIGTERM end this process when the host asks for it."""
        self.obey: Callable[[], None] = _restore_sigterm
        self.is_left = False
        self.is_obeyed = False


_request = _Request()
