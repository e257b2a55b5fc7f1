"""An adapter whose classes read and set context variables and the precision of decimal while the worker uses them."""

from __future__ import annotations

import contextvars
import decimal
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from typing import Any, NoReturn

from snakepit_worker import Context, tool

concurrent = True

_caller: contextvars.ContextVar[str] = contextvars.ContextVar("caller", default="nobody")


@dataclass
class Caller:
    """An argument. It notes what it has found, and sets it, when it is made."""

    name: str

    def __post_init__(self) -> None:
        self.found = [_caller.get(), str(decimal.Decimal(1) / 3)]
        _caller.set(self.name)
        decimal.getcontext().prec = 3


class Model:
    """A result that is made in the way of a model of pydantic: when it is sent."""

    model_fields: dict[str, Any] = {}  # noqa: RUF012 (as pydantic has it)

    def model_dump(self) -> list[str]:
        found = [_caller.get(), str(decimal.Decimal(1) / 3)]
        _caller.set("who has got the result")
        decimal.getcontext().prec = 5
        return found


class ForCallerError(Exception):
    """An error whose message is made when it is sent."""

    def __str__(self) -> str:
        found = _caller.get()
        _caller.set("who has got the message")
        return f"for {found}"


@tool
def argument(given: Caller) -> list[str]:
    return [*given.found, _caller.get(), str(decimal.Decimal(1) / 3)]


@tool
async def argument_async(given: Caller) -> list[str]:
    return argument(given)


@tool
def result(given: Caller) -> Model:
    return Model()


@tool
async def result_async(given: Caller) -> Model:
    return Model()


@tool
def chunks(given: Caller) -> Iterator[Model]:
    yield Model()
    yield Model()


@tool
async def chunks_async(given: Caller) -> AsyncIterator[Model]:
    yield Model()
    yield Model()


@tool
def error(given: Caller) -> NoReturn:
    raise ForCallerError


@tool
async def error_async(given: Caller) -> NoReturn:
    raise ForCallerError


@tool
def passed(given: Caller, ctx: Context) -> Any:
    return ctx.host.call("same", it=Model())


@tool
async def passed_async(given: Caller, ctx: Context) -> Any:
    return await ctx.host.call_async("same", it=Model())
