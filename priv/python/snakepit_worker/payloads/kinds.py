"""The kinds of numbers that an array may have, and their numbers in the protocol (Attachment.Kind in worker.proto)."""

from __future__ import annotations


class Kind:
    """One kind of content.

    Attributes:
        number: Its number in the protocol.
        name: Its name in messages, which is numpy's name too.
        size: The bytes of one element.
        code: Its letter in the modules ``struct`` and ``array``, and in ``memoryview``; empty if they have none.
        family: Its letter in numpy: ``b`` (bool), ``i``, ``u`` (unsigned), ``f`` or ``c`` (complex); empty for bytes.
    """

    def __init__(self, number: int, name: str, size: int, code: str, family: str) -> None:
        """Describe a kind."""
        self.number = number
        self.name = name
        self.size = size
        self.code = code
        self.family = family


BYTES = Kind(1, "bytes", 1, "B", "")
BOOL = Kind(2, "bool", 1, "?", "b")
INT8 = Kind(3, "int8", 1, "b", "i")
UINT8 = Kind(4, "uint8", 1, "B", "u")
INT16 = Kind(5, "int16", 2, "h", "i")
UINT16 = Kind(6, "uint16", 2, "H", "u")
INT32 = Kind(7, "int32", 4, "i", "i")
UINT32 = Kind(8, "uint32", 4, "I", "u")
INT64 = Kind(9, "int64", 8, "q", "i")
UINT64 = Kind(10, "uint64", 8, "Q", "u")
FLOAT16 = Kind(11, "float16", 2, "e", "f")
FLOAT32 = Kind(12, "float32", 4, "f", "f")
FLOAT64 = Kind(13, "float64", 8, "d", "f")
COMPLEX128 = Kind(14, "complex128", 16, "", "c")

KINDS = (
    *(BYTES, BOOL, INT8, UINT8, INT16, UINT16, INT32, UINT32, INT64, UINT64),
    *(FLOAT16, FLOAT32, FLOAT64, COMPLEX128),
)
BY_NUMBER = {kind.number: kind for kind in KINDS}
BY_NAME = {kind.name: kind for kind in KINDS if kind.family}
BY_FAMILY_AND_SIZE = {(kind.family, kind.size): kind for kind in KINDS if kind.family}
