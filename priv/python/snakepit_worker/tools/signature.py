"""Tools: named Python functions that the host may call."""

from __future__ import annotations

import inspect
import types
import typing
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from ..api.context import Context
from ..api.tool import mark_of
from .annotations import Check, check_of, describe
from .native import in_a_frame

# The class, and how it is written where it is only imported for the type checker.
_CONTEXTS = (Context, "Context", "snakepit_worker.Context")


class InvalidArguments(Exception):
    """The arguments of a call do not fit its tool; no user code ran."""


@dataclass(frozen=True, slots=True)
class Parameter:
    """One argument of a tool, as callers see it."""

    name: str
    type: str
    required: bool
    default: Any
    collects_rest: bool


class Tool:
    """A callable tool: what it is called, what it takes, and how its arguments are checked."""

    __slots__ = (
        "_checks", "_context_parameter", "_required", "_rest_check",
        "description", "function", "is_async", "name", "parameters", "returns", "streaming", "takes_context",
    )  # fmt: skip

    def __init__(self, function: Callable[..., Any]) -> None:
        """Read the marked ``function``; raises TypeError if its signature cannot be called by argument name."""
        mark = mark_of(function)
        self.name: str = mark.name or function.__name__
        self.description: str = mark.description or inspect.getdoc(function) or ""
        asynchronous_stream = inspect.isasyncgenfunction(function)
        self.is_async: bool = asynchronous_stream or inspect.iscoroutinefunction(function)
        self.streaming: bool = asynchronous_stream or inspect.isgeneratorfunction(function)
        python_code = isinstance(function, types.FunctionType | types.MethodType)
        self.function: Callable[..., Any] = function if python_code else in_a_frame(function)
        self._read_signature(function)

    def _read_signature(self, function: Callable[..., Any]) -> None:
        hints = _hints(function)
        self._checks: dict[str, Check] = {}
        self._context_parameter: str | None = None
        self._rest_check: Check | None = None
        self.returns = describe(hints["return"]) if "return" in hints else ""
        self.parameters: list[Parameter] = []
        for parameter in inspect.signature(function).parameters.values():
            annotation = hints.get(parameter.name, Any)
            if annotation in _CONTEXTS or (parameter.name == "ctx" and annotation is Any):
                self._context_parameter = parameter.name
                continue
            if parameter.kind in (parameter.POSITIONAL_ONLY, parameter.VAR_POSITIONAL):
                raise TypeError(
                    f"tool {self.name!r}: parameter {parameter.name!r} is positional-only; "
                    "callers give arguments by name"
                )
            collects_rest = parameter.kind is parameter.VAR_KEYWORD
            if collects_rest:
                self._rest_check = check_of(annotation)
            else:
                self._checks[parameter.name] = check_of(annotation)
            required = parameter.default is parameter.empty and not collects_rest
            self.parameters.append(
                Parameter(
                    parameter.name,
                    describe(hints[parameter.name]) if parameter.name in hints else "",
                    required,
                    None if parameter.default is parameter.empty else parameter.default,
                    collects_rest,
                )
            )
        self.takes_context: bool = self._context_parameter is not None
        self._required = frozenset(p.name for p in self.parameters if p.required)

    def bind(self, arguments: Mapping[str, Any], context: Context | None) -> Mapping[str, Any]:
        """Check ``arguments`` and return them with the context; raises InvalidArguments naming every fault.

        A tool that takes no context needs none.
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
                shown = shown if len(shown) <= 60 else shown[:57] + "..."  # noqa: PLR2004
                wanted = types_by_name.get(name, rest_type)
                faults.append(f"{name!r} must be {wanted}, got {type(value).__name__} ({shown})")
        return InvalidArguments(f"{self.signature()}: " + "; ".join(faults))

    def signature(self) -> str:
        """Return the tool as a caller would write it, such as ``add(a: float, b: float)``."""
        shown = (
            ("**" if p.collects_rest else "")
            + p.name
            + (f": {p.type}" if p.type else "")
            + ("" if p.required or p.collects_rest else f" = {p.default!r}")
            for p in self.parameters
        )
        return f"{self.name}({', '.join(shown)})"


def _hints(function: Callable[..., Any]) -> dict[str, Any]:
    """Resolve annotations; one that cannot be (it names what only the type checker imports) stays text, unchecked."""
    try:
        return typing.get_type_hints(function)
    except Exception:  # an annotation may hold anything
        innermost = inspect.unwrap(function)
        return {name: _resolved(hint, innermost) for name, hint in inspect.get_annotations(innermost).items()}


def _resolved(annotation: Any, function: Callable[..., Any]) -> Any:
    alone = types.SimpleNamespace(__annotations__={"it": annotation})
    try:
        return typing.get_type_hints(alone, getattr(function, "__globals__", {}))["it"]
    except Exception:  # as above
        return annotation
