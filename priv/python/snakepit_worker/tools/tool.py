"""A tool: a Python function that the host may call by name."""

from __future__ import annotations

import inspect
import types
from collections.abc import Callable, Mapping
from typing import Any

from ..api.context import Context
from ..api.tool import mark_of
from .native import in_python_frame
from .parameters import Parameter, Signature

_LONGEST_SHOWN = 60  # maximum number of characters that an error message shows of a value


class InvalidArguments(Exception):
    """The arguments of a call do not fit its tool. It is raised before any of the user's code runs."""


class Tool:
    """A tool: its name, its description, its parameters and the checks of its arguments.

    ``streaming`` is true for a generator, ``is_async`` for an ``async def`` function or generator.
    """

    __slots__ = (
        "_checks", "_context_parameter", "_required", "_rest_check",
        "description", "function", "is_async", "name", "parameters", "returns", "streaming", "takes_context",
    )  # fmt: skip

    def __init__(self, function: Callable[..., Any]) -> None:
        """Read a function that is marked ``@tool``; raises TypeError if a parameter is positional-only."""
        mark = mark_of(function)
        self.name: str = mark.name or function.__name__
        self.description: str = mark.description or inspect.getdoc(function) or ""
        asynchronous_stream = inspect.isasyncgenfunction(function)
        self.is_async: bool = asynchronous_stream or inspect.iscoroutinefunction(function)
        self.streaming: bool = asynchronous_stream or inspect.isgeneratorfunction(function)
        is_python = isinstance(function, types.FunctionType | types.MethodType)
        self.function: Callable[..., Any] = function if is_python else in_python_frame(function)

        signature = Signature(self.name, function)
        self.returns: str = signature.returns
        self.parameters: list[Parameter] = signature.parameters
        self.takes_context: bool = signature.context is not None
        self._context_parameter = signature.context
        self._required = frozenset(p.name for p in self.parameters if p.required)
        self._checks = {p.name: p.check for p in self.parameters if not p.collects_rest}
        self._rest_check = next((p.check for p in self.parameters if p.collects_rest), None)

    def bind(self, arguments: Mapping[str, Any], context: Context | None) -> Mapping[str, Any]:
        """Check ``arguments`` and return them together with the context.

        Raises InvalidArguments, which names every fault. ``context`` may be None for a tool that takes no context.
        """
        checks = self._checks
        for name, value in arguments.items():
            check = checks.get(name, self._rest_check)
            if check is None or not check(value):
                raise self._invalid(arguments)
        if not self._required <= arguments.keys():
            raise self._invalid(arguments)
        if self._context_parameter is not None:
            if self._context_parameter in arguments:
                raise self._invalid(arguments)
            return {**arguments, self._context_parameter: context}
        return arguments

    def _invalid(self, arguments: Mapping[str, Any]) -> InvalidArguments:
        faults = [f"missing {p.name!r}" for p in self.parameters if p.required and p.name not in arguments]
        types_by_name = {p.name: p.type for p in self.parameters if not p.collects_rest}
        rest_type = next((p.type for p in self.parameters if p.collects_rest), "")
        for name, value in arguments.items():
            check = None if name == self._context_parameter else self._checks.get(name, self._rest_check)
            if check is None:
                faults.append(f"unexpected {name!r}")
            elif not check(value):
                shown = repr(value)
                shown = shown if len(shown) <= _LONGEST_SHOWN else shown[: _LONGEST_SHOWN - 3] + "..."
                wanted = types_by_name.get(name, rest_type)
                faults.append(f"{name!r} must be {wanted}, got {type(value).__name__} ({shown})")
        return InvalidArguments(f"{self.signature()}: " + "; ".join(faults))

    def signature(self) -> str:
        """Return the tool's signature as text, such as ``add(a: float, b: float)``."""
        shown = (
            ("**" if p.collects_rest else "")
            + p.name
            + (f": {p.type}" if p.type else "")
            + ("" if p.required or p.collects_rest else f" = {p.default!r}")
            for p in self.parameters
        )
        return f"{self.name}({', '.join(shown)})"
