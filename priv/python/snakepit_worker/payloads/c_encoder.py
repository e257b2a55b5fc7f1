"""The encoder in C that the module json uses."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from json import encoder
from typing import Any

Chunks = Callable[[Any, int], Iterable[str]]


def make_chunks(default: Callable[[Any], Any], allow_nan: bool) -> Chunks | None:
    """Return the C encoder that JSONEncoder uses, or None if this Python has no such encoder.

    ``default`` returns what is written instead of a value whose class JSON does not have.
    """
    make: Any = getattr(encoder, "c_make_encoder", None)  # the type stubs do not declare it
    try:
        return make(None, default, encoder.encode_basestring, None, ":", ",", False, False, allow_nan)
    except TypeError:
        return None  # this Python has no C encoder, or one with other parameters
