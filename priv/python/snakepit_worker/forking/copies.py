"""Makes a process that has prepared its adapter ready to be copied."""

from __future__ import annotations

import io
import sys
from collections.abc import Iterable
from typing import Any

from ..api.log import WORKER_LOG
from . import uncopied
from .generators import Generators
from .survey import Names, Survey


def prepare_copies(adapter: object, own: Iterable[object], is_forked: bool) -> Generators:
    """Return the random generators, which each worker has to vary, and warn of what will go wrong in workers.

    If this process ``is_forked``, there is also a warning of objects that do not survive that, except this package's
    ``own``. Files are flushed then: otherwise each worker would write again what the adapter has written.
    """
    survey = Survey()
    names = Names(adapter)
    generators = Generators(survey)
    _warn_of_generators(names, generators.unmanageable)
    if is_forked:
        uncopied.warn(survey, names, own)
        _flush_files(survey)
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


def _flush_files(survey: Survey) -> None:
    kinds = io.TextIOWrapper, io.BufferedWriter, io.BufferedRandom
    for file in survey.of(lambda kind: issubclass(kind, kinds)):
        try:
            if file.writable():
                file.flush()
        except Exception:  # it is closed, or it cannot be written; the adapter learns that when it uses the file
            continue
