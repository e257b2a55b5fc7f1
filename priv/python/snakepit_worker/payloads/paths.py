"""Writes the place of a value inside another value as text, such as ``orders[3].price``."""

from __future__ import annotations

import json
from collections.abc import Sequence

# A long path is shown by its first and its last steps.
_LONGEST_STEPS = 24
_FIRST_STEPS = 16
_LAST_STEPS = 6
_LONGEST_KEY = 60  # characters


def path_text(steps: Sequence[str | int]) -> str:
    """Return the path that leads through ``steps``: a str is the key of a dict, an int the index of a list."""
    if len(steps) > _LONGEST_STEPS:
        first, last = path_text(steps[:_FIRST_STEPS]), path_text(steps[-_LAST_STEPS:])
        between = len(steps) - _FIRST_STEPS - _LAST_STEPS
        return f"{first}...({between:,} levels)...{last}"
    return "".join(map(_step_text, steps)).removeprefix(".")


def _step_text(step: str | int) -> str:
    if isinstance(step, int):
        return f"[{step}]"
    if step.isidentifier():
        return f".{step if len(step) <= _LONGEST_KEY else step[:_LONGEST_KEY] + '...'}"
    shown = step if len(step) <= _LONGEST_KEY else step[:_LONGEST_KEY] + "..."
    return f"[{json.dumps(shown, ensure_ascii=not shown.isprintable())}]"
