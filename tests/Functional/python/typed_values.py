"""Tools that show which Python value has arrived for a parameter with an annotation, and results of many kinds."""

from __future__ import annotations

import collections
import datetime
import decimal
import enum
import math
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Literal, NamedTuple, TypedDict

from snakepit_worker import Context, HostToolError, tool


class Color(enum.Enum):
    RED = 1
    GREEN = 2


class Permission(enum.Flag):
    READ = 1
    WRITE = 2


@dataclass
class Order:
    article: str
    price: float
    tags: set[str] = field(default_factory=set)
    parent: Order | None = None


class Point(NamedTuple):
    x: float
    y: float = 0


class Options(TypedDict, total=False):
    depth: int
    ratio: float


@tool
def as_anything(given) -> str:
    return repr(given)


@tool
def same(given: Any) -> Any:
    return given


@tool
def as_float(given: float) -> str:
    return repr(given)


@tool
def as_optional(given: float | None = None) -> str:
    return repr(given)


@tool
def as_number(given: int | float) -> str:
    return repr(given)


@tool
def as_floats(given: list[float]) -> str:
    return repr(given)


@tool
def as_integers(given: list[int]) -> str:
    return repr(given)


@tool
def as_table(given: dict[str, list[float]]) -> str:
    return repr(given)


@tool
def as_rest(**rest: float) -> str:
    return repr(rest)


@tool
def as_permission(given: Permission) -> str:
    return repr(given)


@tool
def as_numbered(given: dict[int, str]) -> str:
    return repr(given)


@tool
def as_weighted(given: dict[float, str]) -> str:
    return repr(given)


@tool
def as_set(given: set[int]) -> str:
    return f"{type(given).__name__} {sorted(given)}"


@tool
def as_frozen(given: frozenset[str]) -> str:
    return f"{type(given).__name__} {sorted(given)}"


@tool
def as_pair(given: tuple[int, str]) -> str:
    return repr(given)


@tool
def as_tuple(given: tuple[float, ...]) -> str:
    return repr(given)


@tool
def as_ordered(given: collections.OrderedDict[str, int]) -> str:
    return repr(given)


@tool
def as_color(given: Color) -> str:
    return repr(given)


@tool
def as_choice(given: Literal["fast", 1, True, None]) -> str:
    return repr(given)


@tool
def as_orders(orders: list[Order]) -> str:
    return repr(orders)


@tool
def as_point(given: Point) -> str:
    return repr(given)


@tool
def as_options(given: Options) -> str:
    return repr(given)


@tool
def as_decimal(given: decimal.Decimal, other: Any = None) -> str:
    return f"{given!r} {other!r}"


@tool
def as_moment(given: datetime.datetime) -> str:
    return repr(given)


@tool
def as_span(given: datetime.timedelta) -> str:
    return repr(given)


@tool
def as_uuid(given: uuid.UUID) -> str:
    return repr(given)


@tool
def as_bytes(given: bytes) -> str:
    return repr(given)


_RESULTS: dict[str, Any] = {
    "key twice": {"rows": [{1: "a", "1": "b"}]},
    "none twice": {None: 1, "null": 2},
    "bool twice": {True: 1, "true": 2},
    "float twice": {"a": {1.0: 1, "1.0": 2}},
    "nan": {"orders": [{"price": 1.0}, {"price": math.nan}]},
    "infinite key": [{math.inf: 1}],
    "surrogate": {"texts": ["fine", "half \ud83d"]},
    "surrogate key": [{"half \ud83d": 1}],
    "set": {"tags": {1, 2}},
    "bytes": [b"x"],
    "generator": {"rows": (row for row in [1])},
    "enum": [Color.RED],
    "dataclass": [Order("a", 1.0)],
    "long integer": {"rows": [10**4300]},
    "moment": {"at": [datetime.datetime(2020, 1, 1)]},
}


@tool
def result(kind: str) -> Any:
    return _RESULTS[kind]


@tool
def results(kind: str) -> Iterator[Any]:
    yield 1
    yield _RESULTS[kind]


@tool
def raises_with(kind: str) -> None:
    error = ValueError(kind)
    error.good = {1: "a", "b": [1.5]}  # type: ignore[attr-defined]
    error.bad = _RESULTS[kind]  # type: ignore[attr-defined]
    raise error


@tool
def pass_to_host(ctx: Context, kind: str) -> str:
    try:
        return repr(ctx.host.call("same", given=_RESULTS[kind]))
    except (TypeError, HostToolError) as error:
        return f"{type(error).__name__}: {error}"


@tool
def take_from_host(ctx: Context, name: str) -> str:
    try:
        return repr(ctx.host.call(name))
    except HostToolError as error:
        return f"{error.type}: {error.message}"


@tool
def returns_int(digits: str) -> int:
    return int(digits)


@tool
def returns_float(digits: str) -> float:
    return float(digits)


def _nested(levels: int) -> list[Any]:
    deep: list[Any] = []
    for _ in range(levels - 1):
        deep = [deep]
    return deep


@tool
def depth_of(given: Any) -> int:
    levels = 0
    while isinstance(given, list | dict):
        levels += 1
        given = next(iter(given.values() if isinstance(given, dict) else given), None)
    return levels


@tool
def nested(levels: int) -> Any:
    return _nested(levels)


@tool
def nested_chunks(levels: int) -> Iterator[Any]:
    yield _nested(levels)


@tool
def raises_nested(levels: int) -> None:
    error = ValueError("nested")
    error.deep = _nested(levels)  # type: ignore[attr-defined]
    raise error


@tool
def nested_through_host(ctx: Context, levels: int) -> int:
    return depth_of(ctx.host.call("same", given=_nested(levels)))


@tool
def depth_of_host_result(ctx: Context, levels: int) -> int:
    return depth_of(ctx.host.call("made", levels=levels))


@tool
def nested_default(given: Any = _nested(900), other: Any = _nested(2_000)) -> int:  # noqa: B008
    return depth_of(given)
