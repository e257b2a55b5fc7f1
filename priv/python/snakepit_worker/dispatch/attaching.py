"""Puts what is attached to a value into a frame, or into shared memory."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..memory.files import SMALLEST_SHARED, own_files

if TYPE_CHECKING:
    from ..payloads.encoded import Encoded
    from ..protocol.frames import Attachments


class OverLimit(Exception):
    """A value is too large for a frame; the message says how large it is."""


def attach(to: Attachments, encoded: Encoded, limit: int) -> None:
    """Add what is attached to a value to the field of a frame. Each content is copied, once, unless it is bytes.

    Raises OverLimit, and adds nothing, if what travels in the frame, JSON and attachments, takes more than ``limit``
    bytes.
    """
    shared = [own_files.store(one.content) for _, one in encoded.attachments]
    size = encoded.size_without_contents()
    for (_, one), stored in zip(encoded.attachments, shared, strict=True):
        if stored is None:
            size += one.content.nbytes
    if size > limit:
        own_files.give_back(stored.get("id", 0) for stored in shared if stored is not None)
        left = [one for (_, one), stored in zip(encoded.attachments, shared, strict=True) if stored is None]
        has_no_room = own_files.limit and any(one.content.nbytes >= SMALLEST_SHARED for one in left)
        advice = "; shared memory has no room for it (SharedMemory.Limit)" if has_no_room else ""
        raise OverLimit(f"{size:,} bytes, over the limit of {limit:,}{advice}")
    for (at, one), stored in zip(encoded.attachments, shared, strict=True):
        if stored is None:
            to.items.add(at=at, kind=one.kind.number, shape=one.shape, content=one.to_bytes())
        else:
            to.items.add(at=at, kind=one.kind.number, shape=one.shape, shared=stored)
