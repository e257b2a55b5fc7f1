"""Takes the place of the tools of a sample, and fails as its argument says."""

from __future__ import annotations

import os
import time

from snakepit_worker import tool


@tool
def count_words(text: str) -> None:
    """Raise, wait longer than any caller, or end the worker."""
    if text == "fail":
        raise OSError(f"cannot read /etc/secret for {text}")
    if text == "wait":
        time.sleep(60)
    if text == "die":
        os._exit(1)
