"""Makes a process that has prepared its adapter ready to be copied."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from typing import Any

from ..api.log import WORKER_LOG
from ..process.objects import Survey
from . import uncopied
from .generators import Generators
from .names import Names


def prepare_copies(survey: Survey, adapter: object, own: Iterable[object], is_forked: bool) -> Generators:
    """Return the random generators, which each worker has to vary, and warn of what will go wrong in workers.

    The ``survey`` has the objects of this process, which has prepared the ``adapter``. If this process ``is_forked``,
    there is also a warning of objects that do not survive that, except this package's ``own``.
    """
    names = Names(adapter)
    generators = Generators(survey)
    _warn_of_generators(names, generators.unmanageable)
    if is_forked:
        uncopied.warn(survey, names, own)
    return generators


def _warn_of_generators(names: Names, unmanageable: list[Any]) -> None:
    paths = names.of(unmanageable)
    lines = [paths[id(found)] for found in unmanageable if id(found) in paths]
    if "tensorflow" in sys.modules:
        lines.append("tensorflow")
    if lines:
        WORKER_LOG.warning(
            "all workers draw the same random numbers from %s, whose state cannot be set from here: seed it in "
            "start(), which each worker runs for itself",
            uncopied.listed(lines),
        )
