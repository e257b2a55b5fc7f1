"""An adapter that takes objects of classes whose fields are of the same class, in lists, dicts and tuples too."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, NamedTuple, TypedDict

from snakepit_worker import Adapter, tool


@dataclass
class Node:
    next: Node | None = None


@dataclass
class Branch:
    branches: list[Branch] = field(default_factory=list)


@dataclass
class Pair:
    pair: tuple[Pair | None, int] | None = None


@dataclass
class Named:
    by_name: dict[str, Named | None]


class Linked(NamedTuple):
    next: Linked | None = None


class Described(TypedDict, total=False):
    next: Described | None


@dataclass
class Checked:
    next: Checked | None = None

    def __post_init__(self) -> None:
        self.sum = _sum_to(50)  # as a class that calls some functions


@dataclass
class Endless:
    next: Endless | None = None

    def __post_init__(self) -> None:
        if self.next is None:
            _sum_to(-1)


def _sum_to(number: int) -> int:
    return number + _sum_to(number - 1) if number else 0


def _levels(given: Any, next_of: Callable[[Any], Any]) -> int:
    levels = 0
    while given is not None:
        levels += 1
        given = next_of(given)
    return levels


class Nested(Adapter):
    concurrent = True

    @tool
    def node(self, given: Node) -> int:
        return _levels(given, lambda one: one.next)

    @tool
    def branch(self, given: Branch) -> int:
        return _levels(given, lambda one: one.branches[0] if one.branches else None)

    @tool
    def pair(self, given: Pair) -> int:
        return _levels(given, lambda one: one.pair[0] if one.pair else None)

    @tool
    def named(self, given: Named) -> int:
        return _levels(given, lambda one: one.by_name.get("a"))

    @tool
    def linked(self, given: Linked) -> int:
        return _levels(given, lambda one: one.next)

    @tool
    def described(self, given: Described) -> int:
        return _levels(given, lambda one: one.get("next"))

    @tool
    async def checked(self, given: Checked) -> int:
        return _levels(given, lambda one: one.next)

    @tool
    def endless(self, given: Endless) -> None:
        pass
