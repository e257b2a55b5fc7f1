"""Logs what has failed beside a call's answer, so that nobody else would learn of it."""

from __future__ import annotations

import sys

from ..api.log import WORKER_LOG
from ..payloads.descriptions import described
from ..process import output


def report(level: int, message: str, *arguments: object) -> None:
    """Log the exception that is being handled. It never raises, although the user's code may have replaced handlers."""
    error = sys.exc_info()[1]
    try:
        WORKER_LOG.log(level, message, *arguments, exc_info=True)
    except BaseException as broken:  # a handler or filter of the user's, or a replaced clock, may raise anything
        reason = described(error or broken)
        output.log(f"{message % arguments}: {reason} (it could not be logged: {described(broken)})\n")
