"""Files by which a tool tells a test how far it has got."""

from __future__ import annotations

import os


def mark(marker: str, text: str = "") -> None:
    """Write ``text`` to the file ``marker`` in one step, so that no reader finds a part of it."""
    if marker:
        with open(marker + ".part", "w", encoding="utf-8") as part:
            part.write(text)
        os.rename(marker + ".part", marker)
