"""Tools that raise unusual exceptions."""

from __future__ import annotations

import sys
from typing import NoReturn

from snakepit_worker import CallCancelled, tool


class _Unprintable(Exception):
    def __str__(self) -> str:
        raise ValueError("no text for you")


class _Annotated(Exception):
    def __init__(self) -> None:
        super().__init__("with attributes")
        self.code = 7
        self.detail = {"path": ["a", 1, None]}
        self.unsendable = object()
        self._private = "not shown"


@tool
def raise_with_bad_str() -> NoReturn:
    raise _Unprintable


@tool
def raise_with_attributes() -> NoReturn:
    error = _Annotated()
    error.add_note("a note")
    raise error


@tool
def raise_with_deep_attributes(levels: int) -> NoReturn:
    error = ValueError("deep")
    error.deep = []  # type: ignore[attr-defined]
    for _ in range(levels):
        error.deep = [error.deep]  # type: ignore[attr-defined]
    raise error


@tool
def raise_surrogate() -> NoReturn:
    raise ValueError("half of \ud83d")


@tool
def raise_os_error() -> None:
    open("/nowhere/at/all", encoding="utf-8").close()


@tool
def raise_cancelled() -> NoReturn:
    raise CallCancelled("nobody asked for it")


@tool
def exits(status: int) -> NoReturn:
    sys.exit(status)


@tool
def interrupts_itself() -> None:
    raise KeyboardInterrupt


@tool
def recurse_for_ever() -> None:
    recurse_for_ever()
