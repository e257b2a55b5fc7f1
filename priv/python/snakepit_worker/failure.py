"""Exceptions as data: what the host learns of a tool that raised."""

from __future__ import annotations

import traceback
from typing import Any

from . import payload

_OPERATING_SYSTEM_ATTRIBUTES = ("errno", "strerror", "filename")


def type_name(error: BaseException) -> str:
    """Return ``ValueError`` for built-in exceptions and ``package.module.Name`` for others."""
    kind = type(error)
    return kind.__qualname__ if kind.__module__ == "builtins" else f"{kind.__module__}.{kind.__qualname__}"


def message_of(error: BaseException) -> str:
    """Return the exception's text, even if its own ``__str__`` raises."""
    try:
        return _printable(str(error))
    except Exception as broken:  # a user's __str__ may raise anything
        return f"<{type_name(error)} whose __str__ raised {type_name(broken)}>"


def traceback_of(error: BaseException, own_frames: int) -> str:
    """Return the traceback as Python prints it, without the first ``own_frames``, which are the worker's."""
    trace = error.__traceback__
    for _ in range(own_frames):
        trace = trace.tb_next if trace is not None else None
    return _printable("".join(traceback.format_exception(type(error), error, trace)))


def attributes_of(error: BaseException) -> bytes:
    """Return the exception's public attributes as a JSON object, leaving out what JSON cannot carry."""
    found: dict[str, Any] = {}
    if isinstance(error, OSError):
        found |= {name: getattr(error, name) for name in _OPERATING_SYSTEM_ATTRIBUTES}
    if isinstance(error, SystemExit):
        found["code"] = error.code
    found |= {name: value for name, value in vars(error).items() if not name.startswith("_")}
    if notes := getattr(error, "__notes__", None):
        found["notes"] = notes
    return payload.encode({name: value for name, value in found.items() if _is_encodable(value)})


def _is_encodable(value: Any) -> bool:
    try:
        payload.encode(value)
    except payload.NotEncodable:
        return False
    return True


def _printable(text: str) -> str:
    """Return ``text`` with lone surrogates replaced: protobuf strings are UTF-8."""
    return text.encode("utf-8", "backslashreplace").decode()
