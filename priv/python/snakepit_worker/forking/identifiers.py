"""Gives each worker UUIDs of its own, although all workers are copies of one process.

UUIDs of version 1 consist of the time, of a number of the machine, and of a clock sequence. The C library that Python
asks for them chooses the clock sequence once in each process, so that processes which ask at the same time get
different UUIDs. A fork copies it. The other versions of UUIDs are made from random numbers of the system.
"""

from __future__ import annotations

import sys
from types import BuiltinFunctionType
from typing import Any

_SEQUENCES = 1 << 14
_VARIANT = 1 << 15  # stands above the clock sequence, and says how a UUID is to be read
_SEQUENCE = slice(8, 10)


def vary_uuids(worker: int) -> None:
    """Let this process, which is the worker with this number, make UUIDs that no other fork of its template makes."""
    uuid: Any = sys.modules.get("uuid")
    make: Any = getattr(uuid, "_generate_time_safe", None)
    if not isinstance(make, BuiltinFunctionType):
        return  # nothing has imported the module, or it makes its UUIDs itself and draws the sequence for each of them

    def make_own() -> tuple[bytes, object]:
        made, safety = make()
        sequence = (int.from_bytes(made[_SEQUENCE], "big") + worker) % _SEQUENCES
        return made[: _SEQUENCE.start] + (_VARIANT | sequence).to_bytes(2, "big") + made[_SEQUENCE.stop :], safety

    uuid._generate_time_safe = make_own
