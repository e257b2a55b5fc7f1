"""Puts what is attached to a value into a frame, or into shared memory."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..memory.files import SMALLEST_SHARED, own_files

if TYPE_CHECKING:
    from ..payloads.encoded import Encoded
    from ..protocol.frames import AttachmentFields


class OverLimit(Exception):
    """A value is too large for a frame; the message says how large it is."""


def attachment_fields(encoded: Encoded, limit: int) -> list[AttachmentFields]:
    """Return the fields of a frame's attachments. Each content is copied here, once, unless it is bytes already.

    Raises OverLimit if what travels in the frame, JSON and attachments, takes more than ``limit`` bytes.
    """
    shared = [own_files.store(one.content) for _, one in encoded.attachments]
    left = [one for (_, one), stored in zip(encoded.attachments, shared, strict=True) if stored is None]
    size = encoded.size_without_contents() + sum(one.content.nbytes for one in left)
    if size > limit:
        own_files.give_back(stored.get("id", 0) for stored in shared if stored is not None)
        has_no_room = own_files.limit and any(one.content.nbytes >= SMALLEST_SHARED for one in left)
        advice = "; shared memory has no room for it (SharedMemory.Limit)" if has_no_room else ""
        raise OverLimit(f"{size:,} bytes, over the limit of {limit:,}{advice}")
    fields: list[AttachmentFields] = []
    for (at, one), stored in zip(encoded.attachments, shared, strict=True):
        described: AttachmentFields = {"at": at, "kind": one.kind.number, "shape": one.shape}
        if stored is None:
            described["content"] = one.to_bytes()
        else:
            described["shared"] = stored
        fields.append(described)
    return fields
