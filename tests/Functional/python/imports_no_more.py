"""Tools of a worker that can import nothing more, as if the package had been replaced or no file could be opened."""

from __future__ import annotations

import asyncio
import dataclasses
import datetime
import decimal
import sys
import uuid
from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from snakepit_worker import Context, tool

concurrent = True

_wanted: list[str] = []


class _Refusing:
    @staticmethod
    def find_spec(name: str, path: object = None, target: object = None) -> None:
        _wanted.append(name)
        raise OSError(24, "Too many open files", name)


@dataclasses.dataclass
class Order:
    made: datetime.datetime
    price: decimal.Decimal
    id: uuid.UUID
    weights: NDArray[np.float32]


class OutOfStock(Exception):
    """An error with an attribute that JSON has, and with one that it does not have and that is left out."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.left = np.arange(3)
        self.since = datetime.date(2020, 1, 2)


@tool
def refuse_imports() -> None:
    sys.meta_path.insert(0, _Refusing())


@tool
def wanted() -> list[str]:
    return [name for name in _wanted if name.startswith("snakepit_worker")]


@tool
def back(given: Any) -> Any:
    return given


@tool
def described(order: Order) -> str:
    return f"{order.made.year} {order.price} {order.id} {order.weights.sum()}"


@tool
def every_kind() -> dict[str, Any]:
    return {
        "day": datetime.date(2020, 1, 2),
        "price": decimal.Decimal("1.50"),
        "no_number": float("nan"),
        "bytes": b"abc",
        "array": np.arange(3),
        "scalar": np.int8(4),
        "set": {1},
        "tuple": (1, "a"),
        "order": Order(datetime.datetime(2020, 1, 2), decimal.Decimal(2), uuid.UUID(int=1), np.ones(2, np.float32)),
    }


@tool
def keys() -> dict[Any, int]:
    return {1: 1, None: 2}


@tool
def deep() -> list[Any]:
    made: list[Any] = []
    for _ in range(900):
        made = [made]
    return made


@tool
def nothing_sendable() -> object:
    return object()


@tool
def fail() -> None:
    try:
        raise KeyError("first")
    except KeyError as error:
        raise OutOfStock("empty") from error


@tool
def chunks(given: NDArray[np.float64]) -> Iterator[NDArray[np.float64]]:
    yield given
    yield given * 2


@tool
def doubled_by_host(given: NDArray[np.float64], ctx: Context) -> Any:
    return ctx.host.call("double", given=given)


@tool
def made_in_shared_memory(ctx: Context) -> np.ndarray:
    made = ctx.empty(100_000, np.float64)
    made[:] = 3
    return made


@tool
async def back_async(given: NDArray[np.float64]) -> NDArray[np.float64]:
    await asyncio.sleep(0)
    return given
