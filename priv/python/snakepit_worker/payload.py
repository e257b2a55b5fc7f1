"""JSON payloads: what goes in comes out, or is refused with a reason."""

from __future__ import annotations

import json
from typing import Any

_encode = json.JSONEncoder(ensure_ascii=False, allow_nan=False, separators=(",", ":")).encode
_decode = json.JSONDecoder().decode


class NotEncodable(Exception):
    """A value that JSON cannot carry."""


def encode(value: Any) -> bytes:
    """Return ``value`` as JSON in UTF-8; raises NotEncodable with the reason and what would work."""
    try:
        return _encode(value).encode()
    except (TypeError, ValueError, RecursionError) as error:
        raise NotEncodable(
            f"a value of type {type(value).__name__} cannot be sent as JSON ({error}); return None, bool, int, "
            "a finite float, str, or lists, tuples and dicts of these"
        ) from error


def decode_object(encoded: bytes) -> dict[str, Any]:
    """Return the JSON object in ``encoded``, {} for no bytes; raises ValueError for anything else."""
    if not encoded:
        return {}
    value = _decode(encoded.decode())
    if type(value) is not dict:
        raise ValueError(f"arguments must be one JSON object, got {type(value).__name__}")
    return value
