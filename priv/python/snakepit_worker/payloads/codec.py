"""JSON payloads: a value is encoded exactly, or refused with a reason."""

from __future__ import annotations

import json
import traceback
from collections.abc import Callable, Iterable
from json import encoder
from typing import Any, NoReturn

_encode = json.JSONEncoder(ensure_ascii=False, allow_nan=False, separators=(",", ":")).encode


def _make_chunks() -> Callable[[Any, int], Iterable[str]] | None:
    """Return the encoder in C that JSONEncoder uses, made once; making it takes as long as encoding a small value."""
    make: Any = getattr(encoder, "c_make_encoder", None)  # typeshed does not have it
    try:
        return make(None, json.JSONEncoder().default, encoder.encode_basestring, None, ":", ",", False, False, False)
    except TypeError:
        return None  # this Python has none, or one that takes other arguments


_chunks = _make_chunks()


class NotEncodable(Exception):
    """A value that JSON cannot carry."""


def encode(value: Any, advice: str = "return") -> bytes:
    """Return ``value`` as JSON in UTF-8.

    Raises NotEncodable with the reason, and with the ``advice`` what to do ("return" or "pass") with which values.
    """
    if _chunks is not None:
        try:
            return "".join(_chunks(value, 0)).encode()
        except Exception:
            pass  # JSONEncoder below fails with a better message, and notices a value that contains itself
    try:
        return _encode(value).encode()
    except Exception as error:  # a value of the user's own class may raise anything when it is read
        raise NotEncodable(
            f"a value of type {type(value).__name__} cannot be sent as JSON ({_reason(error)}); "
            f"{advice} None, bool, int, a finite float, str, or lists, tuples and dicts of these"
        ) from error


def decode(encoded: bytes) -> Any:
    """Return the JSON value in ``encoded``, None for no bytes; raises ValueError for what is not JSON."""
    return _decode(encoded.decode()) if encoded else None


def decode_object(encoded: bytes) -> dict[str, Any]:
    """Return the JSON object in ``encoded``, {} for no bytes; raises ValueError for anything else."""
    if not encoded:
        return {}
    value: dict[str, Any] = _decode(encoded.decode())
    if type(value) is not dict:  # pyright: ignore[reportUnnecessaryComparison]
        raise ValueError(f"arguments must be one JSON object, got {type(value).__name__}")
    return value


def _refuse(number: str) -> NoReturn:
    raise ValueError(f"{number} is not a number that JSON has")


_decode = json.JSONDecoder(parse_constant=_refuse).decode


def _reason(error: Exception) -> str:
    """Return the error in one line that is safe to send, even if its ``__str__`` raises."""
    return traceback.format_exception_only(type(error), error)[-1].strip().encode("utf-8", "backslashreplace").decode()
