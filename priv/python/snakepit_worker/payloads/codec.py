"""JSON payloads: what goes in comes out, or is refused with a reason."""

from __future__ import annotations

import json
import traceback
from json import encoder
from typing import Any, NoReturn

_encode = json.JSONEncoder(ensure_ascii=False, allow_nan=False, separators=(",", ":")).encode


def _make_chunks() -> Any:
    """Return the C code that JSONEncoder makes anew for each value, which takes as long as encoding a small one."""
    try:
        return encoder.c_make_encoder(
            None, json.JSONEncoder().default, encoder.encode_basestring, None, ":", ",", False, False, False
        )
    except TypeError:
        return None  # a Python without it, or with another one


_chunks = _make_chunks()


class NotEncodable(Exception):
    """A value that JSON cannot carry."""


def encode(value: Any, advice: str = "return") -> bytes:
    """Return ``value`` as JSON in UTF-8; raises NotEncodable with the reason and what to ``advice`` instead."""
    if _chunks is not None:
        try:
            return "".join(_chunks(value, 0)).encode()
        except Exception:
            pass  # told below in the words of JSONEncoder, which also knows a value that contains itself
    try:
        return _encode(value).encode()
    except Exception as error:  # a value of the user's own class may raise anything when it is looked at
        raise NotEncodable(
            f"a value of type {type(value).__name__} cannot be sent as JSON ({_reason(error)}); "
            f"{advice} None, bool, int, a finite float, str, or lists, tuples and dicts of these"
        ) from error


def decode(encoded: bytes) -> Any:
    """Return the JSON value in ``encoded``, None for no bytes; raises ValueError for what is no JSON."""
    return _decode(encoded.decode()) if encoded else None


def decode_object(encoded: bytes) -> dict[str, Any]:
    """Return the JSON object in ``encoded``, {} for no bytes; raises ValueError for anything else."""
    if not encoded:
        return {}
    value = _decode(encoded.decode())
    if type(value) is not dict:
        raise ValueError(f"arguments must be one JSON object, got {type(value).__name__}")
    return value


def _refuse(number: str) -> NoReturn:
    raise ValueError(f"{number} is not a number that JSON has")


_decode = json.JSONDecoder(parse_constant=_refuse).decode


def _reason(error: Exception) -> str:
    """Return the error in one line that is safe to send, even if its ``__str__`` raises."""
    return traceback.format_exception_only(type(error), error)[-1].strip().encode("utf-8", "backslashreplace").decode()
