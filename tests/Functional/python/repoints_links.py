"""An adapter whose tool points the link TMPDIR to another directory, as a new release of a program may do."""

from __future__ import annotations

import os
from pathlib import Path

from snakepit_worker import tool


@tool
def repoint(marker: str) -> None:
    other = Path(f"{marker}.other")
    other.mkdir()
    link = Path(f"{marker}.link")
    link.symlink_to(other)
    link.replace(os.environ["TMPDIR"])
