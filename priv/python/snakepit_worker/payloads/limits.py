"""Limits of values that are sent as JSON."""

from __future__ import annotations

import sys

# How many lists and dicts may lie inside each other, counted from the outermost. PayloadOptions.cs has the same limit.
MAX_DEPTH = 1_024
# The limit where the outermost dict only names the values: the arguments of a call, the attributes of an exception.
MAX_DEPTH_WITH_NAMES = MAX_DEPTH + 1


def excess_of(integer: str) -> str:
    """Return why Python does not read this text of an integer, or an empty text if it is not too long.

    Python needs a time that grows with the square of the digits, so it refuses to read or to write too many of them.
    """
    digits, limit = len(integer.lstrip("-")), sys.get_int_max_str_digits()
    if digits <= limit or limit == 0:
        return ""
    return f"an integer of {digits:,} digits is over Python's limit of {limit:,} (see sys.set_int_max_str_digits)"
