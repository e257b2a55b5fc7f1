"""Converts values to and from JSON, with what JSON cannot carry beside it.

A value is converted exactly, or rejected with its path and a reason.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Sequence
from typing import Any, NoReturn, cast

from ..process import forks
from . import attached_reader, exact_reader, exact_writer, marked_json, substitutes
from .attached import Attached, described_class, native_with_numpy
from .attached_reader import Received
from .c_encoder import make_chunks
from .descriptions import class_of, described
from .encoded import Encoded
from .limits import MAX_DEPTH, MAX_DEPTH_WITH_NAMES
from .substitutes import whole_classes

_chunks = make_chunks(json.JSONEncoder().default, False)  # once, which takes as long as encoding a small value
# A name in JSON that may have been an int, a float, a bool or None before it was written.
_perhaps_no_text_key = re.compile(r'"(?:-?\d[^"]*|true|false|null)":').search
_PLAIN = frozenset({str, int, float, bool, type(None)})
# JSON that the C decoder would not read exactly: the integer -0, and an escaped surrogate that has no partner.
_inexact = re.compile(
    rb"-0(?![0-9.eE])"
    rb"|\\u[dD][89abAB][0-9a-fA-F]{2}(?!\\u[dD][c-fC-F])"
    rb"|(?<!\\u[dD][89abAB][0-9a-fA-F]{2})\\u[dD][c-fC-F]"
).search


class NotEncodable(Exception):
    """A value cannot be sent; the message tells where in the value, and why."""


def encode(value: Any, advice: str = "return") -> bytes | Encoded:
    """Return ``value`` as JSON in UTF-8, or as Encoded if it has something that JSON cannot carry.

    Raises MemoryError, or NotEncodable. The message of NotEncodable gives the path, the reason and the types that can
    be sent. The list follows the verb ``advice``: "return" for what a tool returns, "pass" for the arguments of a host
    tool.
    """
    if type(value) in whole_classes and (more := _encode_more(value)) is not None:
        return more
    text = None
    if _chunks is not None:
        try:
            text = "".join(_chunks(value, 0))
            # The C encoder makes all keys text, and does not notice when two of them become equal.
            if "{" not in text:
                return text.encode()
            if type(value) is dict and text.count("{") == 1:
                "".join(value)  # pyright: ignore[reportUnknownArgumentType]  # raises TypeError for a key that is no text
                return text.encode()
            if _perhaps_no_text_key(text) is None or _has_only_text_keys(value):
                return text.encode()
        except MemoryError:
            raise
        except Exception as error:
            forks.end_if_forked(error)  # else: other ways are tried next, which can do and say more
            # A value has stopped the encoder, and not the depth of the values.
            if text is None and type(error) in (TypeError, ValueError) and (more := _encode_more(value)) is not None:
                return more
    try:
        return exact_writer.write(value, MAX_DEPTH_WITH_NAMES if advice == "pass" else MAX_DEPTH)
    except exact_writer.NotExact as error:
        at = f" at {error.path}" if error.path else ""
        raise NotEncodable(_message(f"{error.kind}{at}", str(error), advice)) from error
    except MemoryError:
        raise  # nothing is wrong with the value
    except Exception as error:  # a value of the user's own class may raise anything when it is read
        forks.end_if_forked(error)
        raise NotEncodable(_message(class_of(value), described(error), advice)) from error


def _encode_more(value: Any) -> bytes | Encoded | None:
    """Return a value with something that JSON does not have, or None if the exact writer has to write it."""
    try:
        if (whole := substitutes.whole(value)) is not None:
            return Encoded(b"0", [(0, whole)])
        return marked_json.write(value, _has_only_text_keys)
    except MemoryError:
        raise
    except Exception as error:
        forks.end_if_forked(error)  # else: the exact writer needs no stack and says more
        return None


def decode(encoded: bytes, received: Sequence[Received] = ()) -> Any:
    """Return the JSON value in ``encoded``, or None if it is empty. Raises ValueError if it is not JSON.

    What was received beside the JSON becomes bytes, numbers, and lists or, if numpy is imported, its arrays.
    """
    if received:
        return _read_more(encoded, received, MAX_DEPTH, native_with_numpy)
    return _read(encoded) if encoded else None


def decode_object(encoded: bytes, keep_decimals: bool = False, received: Sequence[Received] = ()) -> dict[str, Any]:
    """Return the JSON object in ``encoded``, or {} if it is empty. Raises ValueError if it is not a JSON object.

    With ``keep_decimals``, a number with a fraction or an exponent becomes a Decimal instead of a float. What was
    received beside the JSON is Attached in the object.
    """
    if received:
        value: Any = _read_more(encoded, received, MAX_DEPTH_WITH_NAMES, keep_decimals=keep_decimals)
    elif not encoded:
        return {}
    elif keep_decimals:
        value = _read_exactly(encoded, MAX_DEPTH_WITH_NAMES, keep_decimals)
    else:
        # What the C decoder reads exactly is read here, because every call of a tool passes here: a function of its
        # own would cost as much as the reading. For anything else, _read begins again, and says what is wrong.
        if b"\\u" not in encoded and b"-0" not in encoded:
            try:
                text = encoded.decode()
                value, end = _scan(text, 0)
                if end == len(text) and type(value) is dict:
                    return cast("dict[str, Any]", value)
            except (StopIteration, RecursionError, ValueError):
                pass
        value = _read(encoded, MAX_DEPTH_WITH_NAMES)
    if type(value) is not dict:
        raise ValueError(f"arguments must be one JSON object, got {described_class(value)}")
    return cast("dict[str, Any]", value)


def _read_more(
    encoded: bytes,
    received: Sequence[Received],
    max_depth: int,
    convert: Callable[[Attached], Any] | None = None,
    keep_decimals: bool = False,
) -> Any:
    places = attached_reader.places_of(encoded, received, convert)
    if not keep_decimals and not _may_be_inexact(encoded):
        try:
            return attached_reader.read(encoded, places, _refuse)
        except (RecursionError, attached_reader.NoFreeWord) as error:
            forks.end_if_forked(error)
    return _read_exactly(encoded, max_depth, keep_decimals, attached_reader.by_character(encoded, places))


def _read_exactly(
    encoded: bytes, max_depth: int, keep_decimals: bool = False, places: dict[int, Any] | None = None
) -> Any:
    if keep_decimals:
        from decimal import Decimal  # which the adapter has imported, because an annotation names it

        return exact_reader.read(encoded.decode(), Decimal, max_depth, places)
    return exact_reader.read(encoded.decode(), max_depth=max_depth, places=places)


class _NoNumber(ValueError):
    """A word such as NaN stands in place of a number."""


def _refuse(number: str) -> NoReturn:
    raise _NoNumber(f"{number} is not a number that JSON has")


_decoder = json.JSONDecoder(parse_constant=_refuse)
_decode = _decoder.decode
# What _decode calls after it has skipped white space, which the host does not send. The type stubs lack it.
_scan: Callable[[str, int], tuple[Any, int]] = getattr(_decoder, "scan_once")  # noqa: B009


def _read(encoded: bytes, max_depth: int = MAX_DEPTH) -> Any:
    if _may_be_inexact(encoded):
        return _read_exactly(encoded, max_depth)
    try:
        return _decode(encoded.decode())
    except (json.JSONDecodeError, _NoNumber):
        raise
    except (RecursionError, ValueError):  # the values are nested deeply, or an integer has too many digits for Python
        return _read_exactly(encoded, max_depth)


def _may_be_inexact(encoded: bytes) -> bool:
    # The regular expression is asked only if there can be a match, because it takes longer than these two searches.
    return (b"\\u" in encoded or b"-0" in encoded) and _inexact(encoded) is not None


def _has_only_text_keys(value: Any) -> bool:
    items: Any = value
    if isinstance(value, dict):
        if not all(type(key) is str for key in cast("dict[Any, Any]", value)):
            return False
        items = cast("dict[Any, Any]", value).values()
    elif not isinstance(value, list | tuple):
        return True
    return all(type(item) in _PLAIN or _has_only_text_keys(item) for item in items)


def _message(what: str, reason: str, advice: str) -> str:
    return (
        f"a value of type {what} cannot be sent ({reason}); {advice} None, bool, numbers, str, bytes, arrays of "
        "numbers, dates and times, dataclasses, or lists, tuples and dicts of these"
    )
