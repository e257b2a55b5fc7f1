"""Converts values to and from JSON. A value is encoded exactly, or rejected with a reason."""

from __future__ import annotations

import json
import traceback
from collections.abc import Callable, Iterable
from json import encoder
from typing import Any, NoReturn

_encode = json.JSONEncoder(ensure_ascii=False, allow_nan=False, separators=(",", ":")).encode


def _make_chunks() -> Callable[[Any, int], Iterable[str]] | None:
    """Return the C encoder that JSONEncoder uses, or None if this Python has no such encoder.

    The module creates the encoder once, because creating one takes as long as encoding a small value.
    """
    make: Any = getattr(encoder, "c_make_encoder", None)  # the type stubs do not declare it
    try:
        return make(None, json.JSONEncoder().default, encoder.encode_basestring, None, ":", ",", False, False, False)
    except TypeError:
        return None  # this Python has no C encoder, or one with other parameters


_chunks = _make_chunks()


class NotEncodable(Exception):
    """A value cannot be expressed in JSON; the message tells why."""


def encode(value: Any, advice: str = "return") -> bytes:
    """Return ``value`` as JSON in UTF-8.

    Raises MemoryError, or NotEncodable. The message of NotEncodable gives the reason and lists the types that can be
    sent. The list follows the verb ``advice``: "return" for what a tool returns, "pass" for the arguments of a host
    tool.
    """
    if _chunks is not None:
        try:
            return "".join(_chunks(value, 0)).encode()
        except MemoryError:
            raise
        except Exception:
            pass  # JSONEncoder, which is tried next, gives a better message and detects a value that contains itself
    try:
        return _encode(value).encode()
    except MemoryError:
        raise  # nothing is wrong with the value
    except Exception as error:  # a value of the user's own class may raise anything when it is read
        raise NotEncodable(
            f"a value of type {type(value).__name__} cannot be sent as JSON ({_reason(error)}); "
            f"{advice} None, bool, int, a finite float, str, or lists, tuples and dicts of these"
        ) from error


def decode(encoded: bytes) -> Any:
    """Return the JSON value in ``encoded``, or None if it is empty. Raises ValueError if it is not JSON."""
    return _decode(encoded.decode()) if encoded else None


def decode_object(encoded: bytes) -> dict[str, Any]:
    """Return the JSON object in ``encoded``, or {} if it is empty. Raises ValueError if it is not a JSON object."""
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
    """Return the error's type and text in one line of valid UTF-8, even if its ``__str__`` raises."""
    return traceback.format_exception_only(type(error), error)[-1].strip().encode("utf-8", "backslashreplace").decode()
