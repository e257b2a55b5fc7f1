"""Runs another program below a keeper, for the host that makes a Python environment."""

from __future__ import annotations

import os
from typing import NoReturn

from .keeper import fork_kept_process


def run(command: list[str]) -> NoReturn:
    """Replace this process by the program of ``command``, whose standard input is empty, in a fork with a keeper."""
    fork_kept_process()
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)  # the lifeline belongs to the keeper alone
    os.close(nothing)
    os.execv(command[0], command)
