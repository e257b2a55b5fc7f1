"""Tools that redirect or close the descriptors of their worker's output, and log meanwhile."""

from __future__ import annotations

import os

from snakepit_worker import Context, tool


@tool
def silences(ctx: Context) -> None:
    """Do what is done to silence a C library."""
    saved, nothing = os.dup(2), os.open(os.devnull, os.O_WRONLY)
    os.dup2(nothing, 2)
    os.close(nothing)
    try:
        ctx.log.error("while it was silent")
    finally:
        os.dup2(saved, 2)
        os.close(saved)
    ctx.log.info("the end")


@tool
def writes_a_file(path: str, first: int, last: int, ctx: Context) -> str:
    """Close descriptors, so that the file may get the number of one of them, and return what the file has."""
    held = [descriptor for descriptor in range(first, last + 1) if _leads_to_output(descriptor)]
    for descriptor in held:
        os.close(descriptor)
    with open(path, "w", encoding="utf-8") as file:
        copies = [os.dup(file.fileno()) for _ in held]  # the file has all of the numbers
        ctx.log.info("while the file was open")
        ctx.log.info("%d", "does not fit")
        file.write("1,2\n")
    for descriptor in copies:
        os.close(descriptor)
    with open(path, encoding="utf-8") as file:
        return file.read()


def _leads_to_output(descriptor: int) -> bool:
    try:
        return os.readlink(f"/proc/self/fd/{descriptor}") == os.readlink("/proc/self/fd/1")
    except OSError:
        return False
