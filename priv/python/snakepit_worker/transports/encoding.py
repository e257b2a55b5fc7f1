"""Makes the bytes of a frame, for all transports."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..memory import views
from ..memory.files import own_files
from ..protocol.value_frame import ValueFrame

if TYPE_CHECKING:
    from ..protocol.streams import Frame


def encoded(frame: Frame) -> bytes:
    """Return the bytes of a frame that will be sent, with what the host has to know of the memory that it shares.

    Raises MemoryError. What the frame has in shared memory is then free again.
    """
    try:
        if not views.viewed:
            return frame.SerializeToString()
        message = frame.message() if isinstance(frame, ValueFrame) else frame
        views.tell_with(message)
        content = message.SerializeToString()
    except MemoryError:
        if not isinstance(frame, ValueFrame):
            own_files.give_back_of(frame)
        raise
    views.told()
    return content
