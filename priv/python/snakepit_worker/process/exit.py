"""Ends a process without the tear-down of the Python interpreter, which would take longer than all the rest.

A process that ends gracefully still does what programs rely on: it waits for threads, runs exit handlers, and writes
out what open files buffer. An exit handler (of the module atexit or a weakref.finalize) runs once, in the process that
has registered it: a worker does not run those of the template, which other workers may still need.
"""

from __future__ import annotations

import atexit
import contextlib
import faulthandler
import logging
import mmap
import sys
import threading
import traceback
import weakref
from collections.abc import Callable
from time import monotonic  # as it is before an adapter can replace it
from types import FrameType
from typing import Any, NoReturn

from ..originals import os, signal
from . import forks, limits, open_files, output, signals
from .children import is_child
from .objects import Survey

_FINALIZE: Any = weakref.finalize
_held: list[weakref.finalize[Any, Any]] = []


class TookTooLong(BaseException):
    """A step of a process's end has taken too long. It derives from BaseException, so that few handlers catch it."""


# The exit code of a process for which the system has no process, thread, memory or file descriptor. The last line that
# it has printed says what was refused.
EXIT_SYSTEM_LIMIT = 73

_LAST_MOMENT = 15 / 16  # of the time for the end; the steps, each of half of what is left, are over after 7 / 8 of it
_WRITING = (
    "writing its open files, the end of programs that read from it, "
    "or removing what multiprocessing shares (see its resource_tracker), takes"
)

# Address space, but no memory, that the process can do without at its end: perhaps a tool has used up all the rest.
_reserve = mmap.mmap(-1, 4 * 1024 * 1024, flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS)


def exit_by(error: BaseException) -> NoReturn:
    """End this process, which ``error`` has kept from its work; the error has been logged.

    If a limit of the system is the reason, the exit code says so, and the last line of the log names the limit.
    """
    status = 1
    try:
        if limits.is_limit(error):
            status = EXIT_SYSTEM_LIMIT
            output.log(limits.line_about(error))
    finally:
        exit_now(status)


def exit_now(status: int) -> NoReturn:
    """End this process with the exit code ``status``, after writing all buffered output."""
    try:
        output.flush()
    finally:
        os._exit(status)


def hand_down(survey: Survey) -> None:
    """Keep exit handlers and the open files in ``survey`` for this process itself, before it forks workers."""
    open_files.hand_down(survey)
    _held.extend(found for found in list(_FINALIZE._registry) if found.atexit)
    for finalizer in _held:
        finalizer.atexit = False


def disinherit() -> None:
    """Forget the exit handlers that this process has inherited."""
    atexit._clear()  # pyright: ignore[reportPrivateUsage]


def take_back() -> None:
    """Let this process, which forks no more workers, run the exit handlers that ``hand_down`` has kept for it."""
    for finalizer in _held:
        if finalizer.alive:
            finalizer.atexit = True


# As they are before an adapter can replace them. They start and end a thread of C code, which needs no GIL.
_end_later = faulthandler.dump_traceback_later
_do_not_end = faulthandler.cancel_dump_traceback_later


def end_gracefully(limit: float, stop: Callable[[], None] | None = None, status: int = 0) -> NoReturn:
    """Call ``stop``, wait for threads, run exit handlers, write out open files, and end this process. Main thread only.

    ``stop`` may take until the host asks this process to end. Afterwards everything is done within ``limit`` seconds:
    a step that takes more than half of the time that is left is interrupted. If it cannot be interrupted, because the
    main thread waits in C code, the stacks of all threads are logged, and the process ends with the exit code 1.
    """
    exit_now(status if finish(limit, stop) else 1)


def finish(limit: float, stop: Callable[[], None] | None = None) -> bool:
    """Do what ``end_gracefully`` does, but end this process only if it hangs; return False if ``stop`` has failed.

    Call ``live_on`` afterwards if the process may go on for longer than ``limit``. No step depends on an earlier one,
    nor on a new thread, a file descriptor or the log.
    """
    _reserve.close()
    signal.setitimer(signal.ITIMER_REAL, 0)  # a timer that a tool has left behind is not for the handler below
    signal.signal(signal.SIGALRM, _raise_time_is_up)
    began = monotonic()
    is_late = signals.has_host_asked()  # the end of the event loop has lasted until now
    has_stopped = stop is None or _stopped(stop, limit / 4 if is_late else 0)
    used = monotonic() - began if is_late else 0
    deadline = monotonic() + limit - used
    with contextlib.suppress(RuntimeError):  # no thread can be started; the host ends a process that hangs
        _end_later(limit * _LAST_MOMENT - used, exit=True, file=output.descriptor())
    if not _ended_within(deadline, threading._shutdown):  # type: ignore[attr-defined]
        _ended_within(deadline, _log_threads)
    if not _ended_within(deadline, _run_exit_handlers):
        _log("The process ends although its exit handlers take too long.\n")
    if not _ended_within(deadline, _write_and_remove):
        _log(f"The process ends although {_WRITING} too long.\n")
    return has_stopped


def live_on() -> None:
    """Let this process go on after ``finish``."""
    _do_not_end()


def until_host_asks(function: Callable[[], object]) -> None:
    """Call ``function``, which is code of the adapter, and raise TookTooLong in it when the host asks for the end."""
    signals.obey_host_by(_raise_time_is_up)
    try:
        forks.run(function)
    finally:
        signals.obey_host_by(_go_on)


def _stopped(stop: Callable[[], None], seconds: float) -> bool:
    """Call ``stop``; return False if it has failed or was interrupted. It may take ``seconds`` if they are not 0."""
    try:
        signal.setitimer(signal.ITIMER_REAL, seconds)
        try:
            until_host_asks(stop)
        finally:
            signal.setitimer(signal.ITIMER_REAL, 0)
    except TookTooLong as late:
        _log("stop() did not end within DrainTimeout:\n", late)
    except BaseException as error:
        _log("", error)
    else:
        return True
    return False


def _ended_within(deadline: float, step: Callable[[], None]) -> bool:
    seconds = max((deadline - monotonic()) / 2, 0.001)
    try:
        # The signal is repeated, because one step may run several handlers that hang.
        signal.setitimer(signal.ITIMER_REAL, seconds, seconds / 4)
        try:
            forks.run(step)
        finally:
            signal.setitimer(signal.ITIMER_REAL, 0)
    except TookTooLong:
        return False
    except BaseException as error:  # Python would print it too, and go on
        _log("", error)
    return True


def _run_exit_handlers() -> None:
    # Python registers the others once, perhaps in the template, but every process needs them for what it has made.
    run_handlers: Any = atexit._run_exitfuncs  # pyright: ignore[reportPrivateUsage]
    _run_each(run_handlers, _FINALIZE._exitfunc, _end_multiprocessing, logging.shutdown)


def _write_and_remove() -> None:
    _run_each(_write_files, _end_resource_tracker)


def _write_files() -> None:
    """Write out open files, and wait for the programs that read from this process: they end with it at the latest."""
    for pid in open_files.finish():
        with contextlib.suppress(ChildProcessError):  # something else has waited for it, or SIGCHLD is ignored
            os.waitid(os.P_PID, pid, os.WEXITED | os.WNOWAIT)


def _run_each(*steps: Callable[[], object]) -> None:
    """Run all ``steps``, whatever one of them raises; if one has taken too long, raise TookTooLong afterwards."""
    late: TookTooLong | None = None
    for step in steps:
        try:
            forks.run(step)
        except TookTooLong as error:
            late = error
        except BaseException as error:
            _log("", error)
    if late is not None:
        raise late


def _log_threads() -> None:
    names = ", ".join(found.name for found in threading.enumerate() if _holds_up(found))
    output.log(f"The process ends, because these threads, which are no daemon threads, did not end in time: {names}\n")


def _log(text: str, error: BaseException | None = None) -> None:
    """Log ``text`` and ``error`` if possible. The host may have gone, or there may be no memory for the text."""
    with contextlib.suppress(Exception):
        output.log(text + ("" if error is None else "".join(traceback.format_exception(error))))


def _end_multiprocessing() -> None:
    if (util := sys.modules.get("multiprocessing.util")) is not None:
        _forget_children_of_others()
        util._exit_function()


def _end_resource_tracker() -> None:
    """Let the helper process that multiprocessing has started for this one remove what is left, and wait for its end.

    It removes shared memory and semaphores when all processes that use them have ended. After the end of this process,
    it would be killed before that, as everything that this process leaves behind.
    """
    tracker: Any = getattr(sys.modules.get("multiprocessing.resource_tracker"), "_resource_tracker", None)
    pid = getattr(tracker, "_pid", None)
    if pid is not None and is_child(pid):  # else another process has started it, for example the template
        tracker._stop()


def _forget_children_of_others() -> None:
    """Keep the module multiprocessing from ending processes that the template has started."""
    children: set[Any] = getattr(sys.modules.get("multiprocessing.process"), "_children", set())
    for child in [child for child in children if child._parent_pid != os.getpid()]:
        children.discard(child)


def _holds_up(thread: threading.Thread) -> bool:
    return not thread.daemon and thread is not threading.main_thread()


def _raise_time_is_up(number: int = 0, frame: FrameType | None = None) -> NoReturn:
    raise TookTooLong("the process ends, and this code has run for too long (see DrainTimeout and TerminateTimeout)")


def _go_on() -> None:
    pass
