"""JSON together with what stands beside it."""

from __future__ import annotations

from .attached import Attached

_DESCRIPTION = 32  # bytes of a frame that describe what is attached, at most; each dimension takes 10 more


class Encoded:
    """JSON in UTF-8, and what is attached to it, each with its place: the offset of the digit 0 that stands for it."""

    def __init__(self, json: bytes, attachments: list[tuple[int, Attached]]) -> None:
        """Join what was encoded."""
        self.json = json
        self.attachments = attachments

    def size_without_contents(self) -> int:
        """Return how many bytes this takes in a frame, at most, without the contents of the attachments.

        What describes the attachments counts too: a list of many NaN would otherwise make a frame far over the limit.
        """
        beside = (_DESCRIPTION + 10 * len(one.shape) for _, one in self.attachments)
        return len(self.json) + sum(beside)


def joined(parts: list[str | Attached]) -> bytes | Encoded:
    """Return the JSON that ``parts`` make, with what is attached if any of them is."""
    attachments: list[tuple[int, Attached]] = []
    pieces: list[bytes] = []
    at = 0
    for part in parts:
        if isinstance(part, Attached):
            attachments.append((at, part))
            piece = b"0"
        else:
            piece = part.encode()
        pieces.append(piece)
        at += len(piece)
    json = b"".join(pieces)
    return Encoded(json, attachments) if attachments else json
