"""Logs what has failed beside a call's answer, so that nobody else would learn of it."""

from __future__ import annotations

import os

from ..api.log import WORKER_LOG
from ..payloads.descriptions import described


def report(level: int, message: str, *arguments: object) -> None:
    """Log the exception that is being handled. It never raises, although the user's code may have replaced handlers."""
    try:
        WORKER_LOG.log(level, message, *arguments, exc_info=True)
    except BaseException as broken:  # a handler or filter of the user's may raise anything
        line = f"{message % arguments} (it could not be logged: {described(broken)})\n"
        os.write(2, line.encode("utf-8", "backslashreplace"))
