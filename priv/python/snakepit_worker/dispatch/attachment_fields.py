"""Puts what is attached to a value into a frame."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ..payloads.encoded import Encoded
    from ..protocol.frames import AttachmentFields


def attachment_fields(encoded: Encoded) -> list[AttachmentFields]:
    """Return the fields of a frame's attachments. Each content is copied here, once, unless it is bytes already."""
    return [
        {"at": at, "kind": one.kind.number, "shape": one.shape, "content": one.to_bytes()}
        for at, one in encoded.attachments
    ]
