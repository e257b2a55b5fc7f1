"""Keeps what signal handlers of the adapter raise out of the worker's own code.

Python calls a handler on the main thread, between any two steps of the code that runs there. When no tool runs, that is
the worker's own code, which may have sent half of a frame. So each handler that the adapter sets gets a guard around
it. The guard logs what the handler raises, unless code of the adapter was interrupted: there it is raised, as in any
Python program. Guards are made when handlers are set, so calls cost nothing more.
"""

from __future__ import annotations

import functools
import importlib
import signal
import traceback
from collections.abc import Callable
from time import monotonic  # as it is before an adapter can replace it
from types import FrameType, FunctionType, MethodType
from typing import Any

from . import forks, output
from .own_frames import calls_adapter, is_adapters, is_own_module

# The module of C code below the module signal, whose functions look there for these functions at each call. So copies
# of signal.signal that somebody has made earlier find the replacements too.
_c_module: Any = importlib.import_module("_signal")
_APART = 0.1  # seconds between two tracebacks of the same exception


def guard_handlers() -> None:
    """Put guards around all signal handlers that code of the adapter sets from now on, or has set already.

    ``signal.getsignal`` and ``signal.signal`` return the adapter's own handlers, without their guards.
    """
    set_handler: Callable[[Any, Any], Any] = _c_module.signal
    handler_of: Callable[[Any], Any] = _c_module.getsignal

    @functools.wraps(set_handler)
    def set_guarded(number: Any, handler: Any, /) -> Any:
        return _unguarded(set_handler(number, _guarded(handler)))

    @functools.wraps(handler_of)
    def unguarded_of(number: Any, /) -> Any:
        return _unguarded(handler_of(number))

    for number in range(1, signal.NSIG):
        found = handler_of(number)
        if callable(found) and not _is_own(found):  # for example, one that sitecustomize has set
            set_handler(number, _Guard(found))
    _c_module.signal, _c_module.getsignal = set_guarded, unguarded_of


class _Guard:
    """The handler that Python knows instead of one of the adapter's."""

    __slots__ = ("handler",)

    def __init__(self, handler: Callable[[int, FrameType | None], Any]) -> None:
        self.handler = handler

    @calls_adapter
    def __call__(self, number: int, frame: FrameType | None) -> None:
        own = forks.own[0]
        raised: BaseException | None = None
        try:
            self.handler(number, frame)
        except BaseException as error:  # SystemExit, too, would end the worker, and with it calls of others
            if is_adapters(frame):
                raise
            raised = error  # handled below, so that it is not taken for the cause of what another handler raises
        if forks.own[0] != own and not is_adapters(frame):
            forks.leave(raised)  # the handler has forked this process, which has nothing else to do
        if raised is not None:
            try:
                _log.add(number, raised)
            finally:
                del raised  # its traceback has this frame, which has the frames of the worker


def is_guard(frame: FrameType) -> bool:
    """Tell whether a stack frame runs a guard, so that the one above it runs the adapter's handler."""
    return frame.f_code is _Guard.__call__.__code__


def _guarded(handler: Any) -> Any:
    return _Guard(handler) if callable(handler) and not _is_own(handler) else handler


def _unguarded(handler: Any) -> Any:
    return handler.handler if type(handler) is _Guard else handler


def _is_own(handler: Any) -> bool:
    """Tell whether a handler is the worker's, which raises only where it may. An adapter may set it once more."""
    function: Any = handler.__func__ if type(handler) is MethodType else handler
    return type(function) is FunctionType and is_own_module(function.__globals__.get("__name__"))


class _Log:
    """Logs what handlers raise.

    Handlers may raise more often than tracebacks can be written, and the worker would do nothing else. So an exception
    that comes again and again is only counted between two tracebacks.
    """

    def __init__(self) -> None:
        """Begin without an exception."""
        self._is_writing = False
        self._last: tuple[int, int] | None = None  # the signal and the class
        self._time = 0.0
        self._left_out = 0

    def add(self, number: int, error: BaseException) -> None:
        """Log what the handler of the signal ``number`` has raised while the worker's own code ran."""
        kind, now = (number, id(type(error))), monotonic()
        if self._is_writing or (kind == self._last and now - self._time < _APART):
            self._left_out += 1
            return
        self._is_writing = True
        try:
            self._last, self._time = kind, now
            self._write(number, error)
        finally:
            self._is_writing = False

    def _write(self, number: int, error: BaseException) -> None:
        trace = error.__traceback__.tb_next if error.__traceback__ else None
        try:
            text = "".join(traceback.format_exception(type(error), error, trace))
        except BaseException:  # an exception of the user's class may raise anything when it is read
            text = f"{object.__repr__(error)}, whose traceback cannot be shown\n"
        more = f" (and {self._left_out:,} times since the last such line)" if self._left_out else ""
        self._left_out = 0
        try:
            # Not with the module logging: the code that was interrupted may hold a lock that a logger waits for.
            output.log(
                f"ERROR snakepit.worker: the adapter's handler of signal {number} has raised an exception while "
                f"the worker's own code ran; the worker goes on{more}\n{text}"
            )
        except OSError:
            pass  # the host has gone, and reads no log any more


_log = _Log()
