"""The memory files of this worker, to which it writes large results."""

from __future__ import annotations

import _thread
import fcntl
import mmap
from collections.abc import Iterable
from time import monotonic
from typing import TYPE_CHECKING

from ..originals import os
from .free_spans import FreeSpans

if TYPE_CHECKING:
    from ..protocol.frames import HostFrame, MemoryRangeFields

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
        self._ranges: dict[int, tuple[_File, int, int]] = {}
        self._last_id = 0
        self._lock = _thread.allocate_lock()

    def store(self, content: memoryview) -> MemoryRangeFields | None:
        """Copy ``content`` into shared memory and return the fields of its range.

        Return None if it is too small for that, or if the limit or the system does not allow it.
        """
        size = content.nbytes
        if size < SMALLEST_SHARED or not self.limit:
            return None
        rounded = (size + mmap.PAGESIZE - 1) // mmap.PAGESIZE * mmap.PAGESIZE
        with self._lock:
            if self._taken + rounded > self.limit or (found := self._take(rounded)) is None:
                return None
            file, offset = found
            self._taken += rounded
            self._last_id += 1
            number = self._last_id
            self._ranges[number] = (file, offset, rounded)
        file.content[offset : offset + size] = content
        return {"file": file.number, "offset": offset, "length": size, "id": number}

    def take_back(self, frame: HostFrame) -> None:
        """Take back the ranges that the host has done with, as a frame tells, and close files that were idle."""
        if frame.HasField("given_back"):
            self.give_back(frame.given_back.ids)
        with self._lock:
            now = monotonic()
            for file in self.files.copy():
                if file.free.is_whole_free and now - file.idle_since > _IDLE_TIME:
                    self.files.remove(file)
                    file.close()

    def give_back(self, ranges: Iterable[int]) -> None:
        """Make ranges free that were stored, by their ids."""
        with self._lock:
            for number in ranges:
                file, offset, taken = self._ranges.pop(number)
                file.free.give_back(offset, taken)
                file.idle_since = monotonic()
                self._taken -= taken

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
