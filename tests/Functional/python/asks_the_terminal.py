"""An adapter that asks the terminal of its program, for example for a password: at import, and in a tool."""

from __future__ import annotations

import errno
import getpass
import subprocess
from pathlib import Path

from snakepit_worker import tool


def _ask() -> str:
    answers: list[str] = []
    try:
        answers.append(getpass.getpass())
    except EOFError:
        answers.append("no input")
    try:
        with open("/dev/tty") as terminal:
            answers.append(terminal.readline())
    except OSError as error:
        answers.append(errno.errorcode[error.errno or 0])
    child = subprocess.run("read answer < /dev/tty && echo $answer", shell=True, check=False, capture_output=True)
    answers.append(f"{child.returncode != 0} {child.stdout.decode()}".strip())
    return ", ".join(answers)


_AT_IMPORT = _ask()


@tool
def ask(marker: str) -> None:
    Path(marker).write_text(f"{_AT_IMPORT}; {_ask()}")
