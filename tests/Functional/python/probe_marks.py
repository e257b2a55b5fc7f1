"""Marker files: a tool writes one to show a test that it has reached a certain point."""

from __future__ import annotations

import os


def mark(marker: str, text: str = "") -> None:
    """Write ``text`` to the file ``marker`` atomically, so that a reader never finds only a part of the text."""
    if marker:
        with open(marker + ".part", "w", encoding="utf-8") as part:
            part.write(text)
        os.rename(marker + ".part", marker)
