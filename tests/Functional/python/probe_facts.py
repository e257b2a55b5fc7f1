"""Tools that return facts about their worker, and tools that print and log."""

from __future__ import annotations

import itertools
import os
import subprocess
import sys
import threading
import traceback
from pathlib import Path
from typing import Any, NoReturn

from snakepit_worker import Context, tool


@tool
def pid() -> int:
    return os.getpid()


@tool
def return_at_once(marker: str) -> None:
    """Return without writing the file ``marker``."""


@tool
def write_directory(marker: str) -> None:
    """Write the working directory into the file ``marker``."""
    Path(marker).write_text(os.getcwd())


@tool
def write_interpreter(marker: str) -> None:
    """Write the path of this interpreter into the file ``marker``."""
    Path(marker).write_text(sys.executable)


@tool
def has_imported(module: str) -> bool:
    return module in sys.modules


@tool
def value(given: Any) -> Any:
    return given


_turns = itertools.count()


@tool
def turn() -> int:
    """Return how many calls of this tool the worker has served before this call."""
    return next(_turns)


@tool
def length(text: str) -> int:
    return len(text)


@tool
def hash_of(text: str) -> int:
    return hash(text)


@tool
def environment(name: str) -> str | None:
    return os.environ.get(name)


@tool
def thread_and_stack() -> dict[str, Any]:
    return {
        "main": threading.current_thread() is threading.main_thread(),
        "functions": [frame.name for frame in traceback.extract_stack()],
    }


@tool
def remaining(ctx: Context) -> float | None:
    return ctx.remaining


@tool
def printing() -> str:
    print("by print")
    print("by standard error", file=sys.stderr)
    os.write(1, b"by descriptor 1\n")
    subprocess.run(["echo", "by a child"], check=True)
    return "printed"


@tool
def print_lines(count: int) -> None:
    for line in range(count):
        print(f"line {line} of {count}")


@tool
def logging_line(ctx: Context) -> None:
    ctx.log.warning("by the context's log")


@tool
def print_much_and_exit(characters: int) -> NoReturn:
    """End after a line of so many characters, every other of which takes two code units in .NET."""
    print("x🐍" * (characters // 2))
    os._exit(9)


@tool
def print_and_exit(status: int) -> NoReturn:
    print("the last words")
    os._exit(status)
