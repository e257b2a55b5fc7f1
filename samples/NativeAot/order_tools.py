"""Tools for orders, which ask the .NET program for the prices."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from snakepit_worker import Context, tool


@dataclass
class Line:
    """So many pieces of one article."""

    article: str
    quantity: int


@dataclass
class Bill:
    """What an order costs."""

    pieces: int
    total: Decimal


@tool
def bill(lines: list[Line], ctx: Context) -> Bill:
    """Add up an order."""
    if not lines:
        raise ValueError("the order is empty")
    prices = [Decimal(str(ctx.host.call("price_of", article=line.article))) for line in lines]
    return Bill(
        pieces=sum(line.quantity for line in lines),
        total=sum((price * line.quantity for price, line in zip(prices, lines, strict=True)), Decimal()),
    )


@tool
def pack(lines: list[Line]) -> Iterator[str]:
    """Tell each step of the packing."""
    for line in lines:
        yield f"{line.quantity} of {line.article}"
