"""Converts values to and from JSON. A value is converted exactly, or rejected with its path and a reason."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable
from json import encoder
from typing import Any, NoReturn, cast

from ..process import forks
from . import exact_writer
from .descriptions import class_of, described
from .limits import MAX_DEPTH, MAX_DEPTH_WITH_NAMES


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
# A name in JSON that may have been an int, a float, a bool or None before it was written.
_perhaps_no_text_key = re.compile(r'"(?:-?\d[^"]*|true|false|null)":').search
_CONTAINERS = frozenset({dict, list, tuple})
# JSON that the C decoder would not read exactly: the integer -0, and an escaped surrogate that has no partner.
_inexact = re.compile(
    rb"-0(?![0-9.eE])"
    rb"|\\u[dD][89abAB][0-9a-fA-F]{2}(?!\\u[dD][c-fC-F])"
    rb"|(?<!\\u[dD][89abAB][0-9a-fA-F]{2})\\u[dD][c-fC-F]"
).search


class NotEncodable(Exception):
    """A value cannot be expressed in JSON; the message tells where in the value, and why."""


def encode(value: Any, advice: str = "return") -> bytes:
    """Return ``value`` as JSON in UTF-8.

    Raises MemoryError, or NotEncodable. The message of NotEncodable gives the path, the reason and the types that can
    be sent. The list follows the verb ``advice``: "return" for what a tool returns, "pass" for the arguments of a host
    tool.
    """
    if _chunks is not None:
        try:
            text = "".join(_chunks(value, 0))
            # The C encoder makes all keys text, and does not notice when two of them become equal.
            if "{" not in text:
                return text.encode()
            if type(value) is dict and text.count("{") == 1:
                "".join(cast("dict[str, Any]", value))  # raises TypeError for a key that is no text
                return text.encode()
            if _perhaps_no_text_key(text) is None or _has_only_text_keys(value):
                return text.encode()
        except MemoryError:
            raise
        except Exception as error:
            forks.end_if_forked(error)  # else: the exact writer is tried next, needs no stack and says more
    try:
        return exact_writer.write(value, MAX_DEPTH_WITH_NAMES if advice == "pass" else MAX_DEPTH).encode()
    except exact_writer.NotExact as error:
        at = f" at {error.path}" if error.path else ""
        raise NotEncodable(_message(f"{error.kind}{at}", str(error), advice)) from error
    except MemoryError:
        raise  # nothing is wrong with the value
    except Exception as error:  # a value of the user's own class may raise anything when it is read
        forks.end_if_forked(error)
        raise NotEncodable(_message(class_of(value), described(error), advice)) from error


def decode(encoded: bytes) -> Any:
    """Return the JSON value in ``encoded``, or None if it is empty. Raises ValueError if it is not JSON."""
    return _read(encoded) if encoded else None


def decode_object(encoded: bytes, keep_decimals: bool = False) -> dict[str, Any]:
    """Return the JSON object in ``encoded``, or {} if it is empty. Raises ValueError if it is not a JSON object.

    With ``keep_decimals``, a number with a fraction or an exponent becomes a Decimal instead of a float.
    """
    if not encoded:
        return {}
    value: Any = (
        _read_exactly(encoded, MAX_DEPTH_WITH_NAMES, keep_decimals)
        if keep_decimals
        else _read(encoded, MAX_DEPTH_WITH_NAMES)
    )
    if type(value) is not dict:
        raise ValueError(f"arguments must be one JSON object, got {class_of(value)}")
    return cast("dict[str, Any]", value)


def _read_exactly(encoded: bytes, max_depth: int, keep_decimals: bool = False) -> Any:
    from . import exact_reader  # late, because few programs need it

    if keep_decimals:
        from decimal import Decimal

        return exact_reader.read(encoded.decode(), Decimal, max_depth)
    return exact_reader.read(encoded.decode(), max_depth=max_depth)


class _NoNumber(ValueError):
    """A word such as NaN stands in place of a number."""


def _refuse(number: str) -> NoReturn:
    raise _NoNumber(f"{number} is not a number that JSON has")


_decode = json.JSONDecoder(parse_constant=_refuse).decode


def _read(encoded: bytes, max_depth: int = MAX_DEPTH) -> Any:
    # The regular expression is asked only if there can be a match, because it takes longer than these two searches.
    if (b"\\u" in encoded or b"-0" in encoded) and _inexact(encoded) is not None:
        return _read_exactly(encoded, max_depth)
    text = encoded.decode()
    try:
        return _decode(text)
    except (json.JSONDecodeError, _NoNumber):
        raise
    except (RecursionError, ValueError):  # the values are nested deeply, or an integer has too many digits for Python
        return _read_exactly(encoded, max_depth)


def _has_only_text_keys(value: Any) -> bool:
    items: Any = value
    if isinstance(value, dict):
        if not all(type(key) is str for key in cast("dict[Any, Any]", value)):
            return False
        items = cast("dict[Any, Any]", value).values()
    elif type(value) not in _CONTAINERS:
        return True
    return all(type(item) not in _CONTAINERS or _has_only_text_keys(item) for item in items)


def _message(what: str, reason: str, advice: str) -> str:
    return (
        f"a value of type {what} cannot be sent as JSON ({reason}); "
        f"{advice} None, bool, int, a finite float, str, or lists, tuples and dicts of these"
    )
