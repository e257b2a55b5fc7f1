"""Tools of Snakepit itself, which a worker has beside those of its adapter. They are not listed."""

from __future__ import annotations

import functools
from typing import Any

from ..api.tool import ToolMark
from .marked import Marked
from .tool import Tool

HARDWARE = "snakepit.hardware"


def find_built_in(name: str) -> Tool | None:
    """Return the tool of this name, or None."""
    return _hardware() if name == HARDWARE else None


@functools.cache
def _hardware() -> Tool:
    return Tool(Marked("measure", _measure, ToolMark(HARDWARE, None), takes_variable=False, identity=None))


def _measure() -> dict[str, Any]:
    # Few programs ask for it. The import is part of the call, whose caller gets the error if nothing can be imported.
    from ..process.hardware import measure

    return measure()
