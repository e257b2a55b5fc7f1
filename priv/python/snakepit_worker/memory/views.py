"""Maps ranges of the host's shared memory, and tells the host when their last view has gone.

A range was sent for a call. It is mapped by an object of its own, to which every view of it refers: an array of numpy,
a slice of that, a memoryview. So Python itself tells when the last of them has gone, and a view that a tool keeps
beyond its call stays valid.
"""

from __future__ import annotations

import _thread
import collections
import mmap
import weakref
from typing import TYPE_CHECKING

from ..originals import os

if TYPE_CHECKING:
    from ..protocol.frames import MemoryRange, WorkerFrame

# How many mapped ranges of each call have views, by the id of the call; a call without any is not in it. Empty almost
# always, so a transport looks here first.
viewed: dict[int, int] = {}

_gone: collections.deque[int] = collections.deque()  # the call of each range whose last view has gone
_ended: set[int] = set()  # calls that have ended while they had views
_unused: list[int] = []  # calls that have ended and have no views any more, of which the host does not know yet
_watches: dict[int, _Watch] = {}
_lock = _thread.allocate_lock()


class _Host:
    folder = ""  # in which the host's open files are found


class _Watch(weakref.ref[mmap.mmap]):
    """Notices when a range is not mapped any more. Python may call ``_notice`` at any moment, so it takes no lock."""

    __slots__ = ("call",)
    call: int


def _notice(watch: weakref.ref[mmap.mmap]) -> None:
    if isinstance(watch, _Watch):
        _gone.append(watch.call)
        _watches.pop(id(watch), None)


def open_host(probe: str) -> bool:
    """Remember where the host's files are, from the path of one of them. Return whether this process can open it."""
    _Host.folder = os.path.dirname(probe)
    try:
        os.close(os.open(probe, os.O_RDONLY | os.O_CLOEXEC))
    except OSError:
        return False
    return True


def view_of(shared: MemoryRange) -> memoryview:
    """Return the bytes of a range, which are read-only. Raises MemoryError if the range cannot be mapped."""
    try:
        number = os.open(f"{_Host.folder}/{shared.file}", os.O_RDONLY | os.O_CLOEXEC)
        try:
            mapped = mmap.mmap(number, shared.length, mmap.MAP_SHARED, mmap.PROT_READ, offset=shared.offset)
        finally:
            os.close(number)
    except OSError as error:  # a limit of this process: of its memory, or of the number of its open files
        raise MemoryError(f"{shared.length:,} bytes of shared memory cannot be mapped: {error}") from error
    watch = _Watch(mapped, _notice)
    watch.call = shared.id
    with _lock:
        viewed[shared.id] = viewed.get(shared.id, 0) + 1
        _watches[id(watch)] = watch
    return memoryview(mapped)


def tell_with(frame: WorkerFrame) -> None:
    """Add to a frame what the host has to know of the views. Call ``told`` when it is certain that it will be sent."""
    with _lock:
        while _gone:
            call = _gone.popleft()
            viewed[call] -= 1
            if not viewed[call]:
                if call in _ended:
                    _ended.discard(call)
                    _unused.append(call)
                else:
                    del viewed[call]
        if _unused:
            frame.given_back.ids.extend(_unused)
        kind = frame.WhichOneof("frame")
        if kind in ("result", "failure"):
            call = frame.result.call if kind == "result" else frame.failure.call
            if call in viewed:
                _ended.add(call)
                frame.keeps_memory = True


def told() -> None:
    """Forget what the last frame has told."""
    with _lock:
        for call in _unused:
            del viewed[call]
        _unused.clear()
