"""Tells this process from the processes that an adapter's code forks from it, and ends those when they return.

A forked process is a copy that runs on with the same stack. If the code that forked it returned there too, the copy
would serve calls on the sockets of this process. So the worker looks at ``own`` wherever code of an adapter returns to
it, and before it uses a socket. To look costs 0.03 µs; asking the kernel for the process id costs much more.
"""

from __future__ import annotations

import contextlib
import mmap
import os
import traceback
from collections.abc import Callable
from typing import NoReturn, ParamSpec, TypeVar

from . import output
from .own_frames import calls_adapter

_P = ParamSpec("_P")
_R = TypeVar("_R")

_WIPE_ON_FORK = 18  # the constant MADV_WIPEONFORK of Linux, which the module mmap does not have

# The first byte is 1 in this process. The kernel gives every forked process an empty page instead of this one, also if
# C code calls fork. Test ``own[0]``.
own = mmap.mmap(-1, mmap.PAGESIZE, flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS)
with contextlib.suppress(OSError):  # a kernel before 4.14; then _begin_fork notices all forks except those of C code
    own.madvise(_WIPE_ON_FORK)
own[0] = 1


class _Forked:
    """What the processes are that are forked from now on: workers, or processes of an adapter's code."""

    are_workers = False


_steps: list[Callable[[], object]] = []
_sockets: list[int] = []


def watch() -> None:
    """Notice forks from now on. Call this once, in the process that ``own`` is about."""
    os.register_at_fork(before=_prepare_fork, after_in_child=_begin_fork)


def warm_up() -> None:
    """Run many times what each worker runs of this module, so that Python keeps what it caches in shared memory."""
    for _ in range(20):
        make_workers()
        _prepare_fork()
        _begin_fork()
        keep_from_forks(0)
        claim()
        run(int)


def claim() -> None:
    """Make this the process that ``own`` is about, for example a worker that the template has just forked."""
    _Forked.are_workers = False
    _sockets.clear()
    own[0] = 1


def make_workers() -> None:
    """Treat all processes that are forked from now on as workers, which call ``claim`` themselves."""
    _Forked.are_workers = True


def are_workers() -> bool:
    """Tell whether the processes that are forked from now on are workers."""
    return _Forked.are_workers


def in_each(*steps: Callable[[], object]) -> None:
    """Call each of ``steps`` at the beginning of each process that an adapter's code forks."""
    _steps.extend(steps)


def keep_from_forks(descriptor: int) -> None:
    """Replace this socket by /dev/null in each process that an adapter's code forks.

    Otherwise a signal handler that forks while the worker waits for a frame would let two processes wait for it.
    """
    _sockets.append(descriptor)


def is_fork() -> bool:
    """Tell whether this process was forked by an adapter's code."""
    return not own[0] and not _Forked.are_workers


def refuse_in_forks(what: str) -> None:
    """Raise RuntimeError if this process was forked by an adapter's code; ``what`` names what it may not do."""
    if not own[0]:
        raise RuntimeError(
            f"{what} works only in the worker's own process; process {os.getpid()} was forked from it and has no "
            "connection to the .NET program"
        )


@calls_adapter
def run(function: Callable[_P, _R], /, *arguments: _P.args, **named: _P.kwargs) -> _R:
    """Call ``function``, which is code of an adapter, and return only in the process that has called it."""
    try:
        value = function(*arguments, **named)
    except BaseException as error:
        if not own[0]:
            leave(error)
        raise
    if not own[0]:
        leave()
    return value


def end_if_forked(error: BaseException) -> None:
    """End this process as ``leave`` does if it was forked by an adapter's code, which has now raised ``error``.

    Call this wherever the worker handles what an adapter's code raises and goes on: the fork would go on as if nothing
    had happened.
    """
    if is_fork():
        leave(error)


def leave(error: BaseException | None = None) -> NoReturn:
    """End this process, which was forked by an adapter's code that has now returned, or has raised ``error``.

    The exit code is that of a Python program that ends in the same way. Exit handlers do not run, because they were
    inherited and belong to another process.
    """
    code = 1
    try:
        code, text = _outcome(error)
        output.log(
            f"{text}Process {os.getpid()}, which the adapter has forked, has returned to the worker's code and ends "
            f"with exit code {code}.\n"
        )
        output.flush()
    finally:
        os._exit(code)


def _outcome(error: BaseException | None) -> tuple[int, str]:
    if error is None:
        return 0, ""
    if not isinstance(error, SystemExit):
        return 1, "".join(traceback.format_exception(error))
    if error.code is None:
        return 0, ""
    return (error.code & 0xFF, "") if isinstance(error.code, int) else (1, f"{error.code}\n")


def _prepare_fork() -> None:
    if not _Forked.are_workers:
        output.flush()  # otherwise the new process would print once more what is still buffered


def _begin_fork() -> None:
    own[0] = 0
    if _Forked.are_workers:
        return
    if _sockets:
        nothing = os.open(os.devnull, os.O_RDWR)
        for descriptor in _sockets:  # the number stays in use, because a socket object would close it later
            os.dup2(nothing, descriptor, inheritable=False)
        os.close(nothing)
    for step in _steps:
        step()
