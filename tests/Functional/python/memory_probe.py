"""An adapter without async tools, whose tools use much memory, or limit the memory that their worker may use."""

from __future__ import annotations

import resource
from collections.abc import Iterator
from typing import Any

from snakepit_worker import Context, tool

concurrent = True

_MIB = 1024 * 1024
_kept: list[Context] = []


@tool
def limit_memory(mb: int) -> None:
    """Let this process map at most ``mb`` MiB more than it has mapped now; 0 removes the limit."""
    with open("/proc/self/statm") as opened:
        mapped = int(opened.read().split()[0]) * resource.getpagesize()
    hard = resource.getrlimit(resource.RLIMIT_AS)[1]
    resource.setrlimit(resource.RLIMIT_AS, (mapped + mb * _MIB if mb else hard, hard))


@tool
def size(text: str) -> int:
    return len(text)


@tool
def size_with_context(text: str, ctx: Context) -> int:
    _kept[:] = [ctx]
    return len(text)


@tool
def size_then_raise(text: str) -> None:
    raise ValueError(f"{len(text)} characters")


@tool
def size_then_chunks(text: str) -> Iterator[int]:
    yield len(text)
    yield 2


@tool
def size_of_wrong_type(text: int) -> int:
    return text


@tool
def make(mb: int) -> str:
    return "x" * (mb * _MIB)


@tool
def make_chunks(mb: int) -> Iterator[str]:
    yield "first"
    yield "x" * (mb * _MIB)


@tool
def raise_with_attribute(mb: int) -> None:
    error = ValueError("large")
    error.data = "x" * (mb * _MIB)  # type: ignore[attr-defined]
    raise error


@tool
def send_to_host(ctx: Context, mb: int) -> Any:
    return len(ctx.host.call("give", mb=mb, text="x" * (mb * _MIB)))
