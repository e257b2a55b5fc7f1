"""Helpers of tests about values that have more than JSON can carry."""

from __future__ import annotations

import importlib
import importlib.util
import unittest
from collections.abc import Iterable
from typing import Any

from snakepit_worker.payloads import codec
from snakepit_worker.payloads.encoded import Encoded
from snakepit_worker.protocol.descriptors import message

Attachment: Any = message("snakepit.v1.Attachment")
# The module numpy, or None. Checks of types do not need numpy, whose own annotations differ from version to version.
np: Any = importlib.import_module("numpy") if importlib.util.find_spec("numpy") else None
needs_numpy = unittest.skipIf(np is None, "numpy is not installed")


def sent(value: Any) -> tuple[bytes, list[Any]]:
    """Return a value as it is sent: its JSON and its attachments."""
    encoded = codec.encode(value)
    if not isinstance(encoded, Encoded):
        return encoded, []
    attachments = [
        Attachment(at=at, kind=one.kind.number, shape=one.shape, content=one.to_bytes())
        for at, one in encoded.attachments
    ]
    return encoded.json, attachments


def summary(attachments: Iterable[Any]) -> list[tuple[int, str, list[int], bytes]]:
    """Return what attachments have, with the names of their kinds."""
    return [(one.at, Attachment.Kind.Name(one.kind), list(one.shape), one.content) for one in attachments]


def returned(value: Any) -> Any:
    """Return a value as a host tool's answer would be that is what was sent."""
    return codec.decode(*sent(value))


def comparable(encoded: bytes | Encoded) -> Any:
    """Return what was encoded in a form that can be compared."""
    if isinstance(encoded, bytes):
        return encoded
    return encoded.json, [(at, one.kind, one.shape, one.to_bytes()) for at, one in encoded.attachments]
