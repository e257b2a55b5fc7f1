"""Makes the bytes of a frame, for all transports."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..memory import views
from ..memory.files import own_files

if TYPE_CHECKING:
    from ..protocol.frames import WorkerFrame


def encoded(frame: WorkerFrame) -> bytes:
    """Return the bytes of a frame that will be sent, with what the host has to know of the memory that it shares.

    Raises MemoryError. What the frame has in shared memory is then free again.
    """
    try:
        if not views.viewed:
            return frame.SerializeToString()
        views.tell_with(frame)
        content = frame.SerializeToString()
    except MemoryError:
        own_files.give_back_of(frame)
        raise
    views.told()
    return content
