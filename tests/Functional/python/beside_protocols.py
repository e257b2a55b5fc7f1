"""An adapter beside classes that raise when they are asked whether the adapter is a subclass of theirs."""

from __future__ import annotations

from typing import Any, NoReturn, Protocol, TypedDict

from snakepit_worker import Adapter, tool


class Named(Protocol):
    name: str


class Options(TypedDict):
    times: int


class _Asked(type):
    def __subclasscheck__(cls, kind: Any) -> NoReturn:
        raise SystemExit("this class answers no questions")


class Silent(metaclass=_Asked):
    pass


class Greeting(Adapter):
    @tool
    def greet(self, name: str, options: Options) -> str:
        return " ".join([f"Hello, {name}!"] * options["times"])
