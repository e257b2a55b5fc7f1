"""Classes of modules that are expensive to import and that many adapters do not need."""

from __future__ import annotations

import sys
from typing import Any


class _NotImported:
    """Stands for a class whose module has not been imported, and has no objects either."""


def imported_class(module: str, name: str) -> Any:
    """Return a class of a module. If nothing has imported the module, return a class that has no objects."""
    return getattr(sys.modules.get(module), name, _NotImported)
