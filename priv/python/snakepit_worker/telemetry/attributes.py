"""Makes the attributes of spans and measurements from what a tool has given. It never raises."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, cast

from ..payloads.descriptions import sendable, shown

if TYPE_CHECKING:
    from ..protocol.frames import AttributeFields

LONGEST_NAME = 256  # bytes of UTF-8
_LONGEST_TEXT = 1000  # bytes of UTF-8
_MOST = 32
_LARGEST = 2**63


def attributes_of(given: Mapping[str, Any]) -> list[AttributeFields]:
    """Return the first attributes of ``given``, shortened where they are long. Values of other types become texts."""
    made: list[AttributeFields] = []
    for key, value in given.items():
        if len(made) == _MOST:
            break
        made.append(_attribute(sendable(str(key), LONGEST_NAME), value))
    return made


def size_of(attributes: list[AttributeFields]) -> int:
    """Return about how many bytes the attributes take in a frame."""
    return sum(len(one.get("key", "")) + len(one.get("text", "")) + 16 for one in attributes)


def _attribute(key: str, value: Any) -> AttributeFields:
    kind = cast("type[Any]", type(value))
    if kind is str:
        return {"key": key, "text": sendable(value, _LONGEST_TEXT)}
    if kind is bool:
        return {"key": key, "flag": value}
    if kind is float:
        return {"key": key, "number": value}
    if kind is not int:
        value = _number_of(value)
    if type(value) is int and -_LARGEST <= value < _LARGEST:
        return {"key": key, "integer": value}
    return {"key": key, "number": value} if type(value) is float else {"key": key, "text": shown(value)}


def _number_of(value: Any) -> Any:
    """Return an int or a float for a number of another class, such as one of numpy; anything else as it is."""
    kind = cast("type[Any]", type(value))
    try:
        if hasattr(kind, "__index__"):
            return int(value)
        if isinstance(value, (str, bytes)) or not hasattr(kind, "__float__"):
            return value
        return float(value)
    except Exception:  # of a class of the user's
        return value
