"""The memory files of this worker, to which it writes large results."""

from __future__ import annotations

import _thread
import collections
import fcntl
import mmap
import weakref
from collections.abc import Iterable
from time import monotonic
from typing import TYPE_CHECKING, Any

from ..originals import os
from .free_spans import FreeSpans

if TYPE_CHECKING:
    from ..protocol.frames import HostFrame, MemoryRangeFields, WorkerFrame

SMALLEST_SHARED = 64 * 1024  # bytes; smaller contents travel in the frame, which is faster
_USUAL_LENGTH = 64 * 1024 * 1024  # bytes of a file; memory that was never written to takes up nothing
_IDLE_TIME = 5.0  # seconds until a file of which nothing is taken is closed
_SEALS = 0x1 | 0x2 | 0x4  # F_SEAL_SEAL, F_SEAL_SHRINK and F_SEAL_GROW: to read beyond a file's end would end the host
_ADD_SEALS = 1033  # the constant F_ADD_SEALS, which the module fcntl does not have before Python 3.12


class _File:
    def __init__(self, length: int) -> None:
        self.number = os.memfd_create("snakepit", os.MFD_CLOEXEC | os.MFD_ALLOW_SEALING)
        try:
            os.ftruncate(self.number, length)
            fcntl.fcntl(self.number, _ADD_SEALS, _SEALS)
            self.content = mmap.mmap(self.number, length)
        except BaseException:
            os.close(self.number)
            raise
        self.free = FreeSpans(length)
        self.idle_since = 0.0

    def close(self) -> None:
        self.content.close()
        os.close(self.number)


class _Range:
    """A part of a file.

    Attributes:
        uses: How many need it: the host, once for each time it was sent, and the array that a tool has got of it.
        size: How many of its bytes the array has.
    """

    def __init__(self, file: _File, offset: int, taken: int, size: int) -> None:
        self.file = file
        self.offset = offset
        self.taken = taken
        self.size = size
        self.uses = 1


class MemoryFiles:
    """The memory files of this process. Any thread may call its methods.

    Attributes:
        limit: How many bytes may be taken at a time; 0 if nothing is shared.
        files: The open files.
    """

    def __init__(self) -> None:
        """Begin without a file."""
        self.limit = 0
        self.files: list[_File] = []
        self._taken = 0
        self._ranges: dict[int, _Range] = {}
        self._ids_of_arrays: dict[int, int] = {}  # the range of each array that a tool has got, by its mapping's id()
        self._gone: collections.deque[int] = collections.deque()  # ranges whose arrays have gone
        self._last_id = 0
        self._lock = _thread.allocate_lock()

    def store(self, content: memoryview) -> MemoryRangeFields | None:
        """Copy ``content`` into shared memory and return the fields of its range.

        Return None if it is too small for that, or if the limit or the system does not allow it.
        """
        size = content.nbytes
        if size < SMALLEST_SHARED or not self.limit:
            return None
        with self._lock:
            if (number := self._sent_again(content)) or not (number := self._add(size)):
                return self._fields(number) if number else None
            stored = self._ranges[number]
        stored.file.content[stored.offset : stored.offset + size] = content
        return self._fields(number)

    def make(self, size: int) -> memoryview | None:
        """Return ``size`` bytes of shared memory for an array, or None if the limit or the system does not allow it.

        The memory is free again when no object refers to it and the host has given it back.
        """
        if not size or not self.limit:
            return None
        with self._lock:
            if not (number := self._add(size)):
                return None
            made = self._ranges[number]
            try:
                mapped = mmap.mmap(made.file.number, size, offset=made.offset)
            except OSError:  # a limit of this process
                self._end_uses((number,))
                return None
            self._ids_of_arrays[id(mapped)] = number
            weakref.finalize(mapped, self._array_gone, id(mapped), number).atexit = False
        return memoryview(mapped)

    def take_back(self, frame: HostFrame) -> None:
        """Take back the ranges that the host has done with, as a frame tells, and close files that were idle."""
        self.give_back(frame.given_back.ids if frame.HasField("given_back") else ())
        with self._lock:
            now = monotonic()
            for file in self.files.copy():
                if file.free.is_whole_free and now - file.idle_since > _IDLE_TIME:
                    self.files.remove(file)
                    file.close()

    def give_back_of(self, frame: WorkerFrame) -> None:
        """Take back the ranges of a frame that could not be sent."""
        kind = frame.WhichOneof("frame")
        if kind in ("result", "chunk", "host_call"):
            items = getattr(frame, kind).attachments.items
            self.give_back([one.shared.id for one in items if one.HasField("shared")])

    def give_back(self, ranges: Iterable[int]) -> None:
        """Note that ranges, by their ids, are needed once less than before."""
        with self._lock:
            self._end_uses(ranges)

    def _array_gone(self, mapping: int, number: int) -> None:
        # Python may call this at any moment, so it takes no lock.
        self._ids_of_arrays.pop(mapping, None)
        self._gone.append(number)

    # The following methods need the lock.

    def _end_uses(self, ranges: Iterable[int]) -> None:
        gone = [self._gone.popleft() for _ in range(len(self._gone))]
        for number in (*ranges, *gone):
            ended = self._ranges[number]
            ended.uses -= 1
            if not ended.uses:
                del self._ranges[number]
                ended.file.free.give_back(ended.offset, ended.taken)
                ended.file.idle_since = monotonic()
                self._taken -= ended.taken

    def _fields(self, number: int) -> MemoryRangeFields:
        stored = self._ranges[number]
        return {"file": stored.file.number, "offset": stored.offset, "length": stored.size, "id": number}

    def _sent_again(self, content: memoryview) -> int:
        """Return the id of the range that ``content`` is the whole of, and count one more use; 0 if there is none."""
        owner: Any = content.obj
        while (below := getattr(owner, "base" if hasattr(owner, "base") else "obj", None)) is not None:
            owner = below
        number = self._ids_of_arrays.get(id(owner), 0)
        if not number or self._ranges[number].size != content.nbytes:
            return 0
        self._ranges[number].uses += 1
        return number

    def _add(self, size: int) -> int:
        """Take a range of a file and return its id, or 0 if there is no room."""
        self._end_uses(())
        rounded = (size + mmap.PAGESIZE - 1) // mmap.PAGESIZE * mmap.PAGESIZE
        if self._taken + rounded > self.limit or (found := self._take(rounded)) is None:
            return 0
        self._taken += rounded
        self._last_id += 1
        self._ranges[self._last_id] = _Range(*found, rounded, size)
        return self._last_id

    def _take(self, length: int) -> tuple[_File, int] | None:
        for file in self.files:
            if (offset := file.free.take(length)) is not None:
                return file, offset
        try:
            created = _File(max(_USUAL_LENGTH, length))
        except OSError:  # the system has no memory files, no room for one, or no number for it
            return None
        self.files.append(created)
        offset = created.free.take(length)
        return None if offset is None else (created, offset)


own_files = MemoryFiles()
