"""The parameters of a tool, read from its signature."""

from __future__ import annotations

import inspect
import types
import typing
from collections.abc import Callable
from typing import Any

from ..api.context import Context
from .annotations import Check, check_of, describe

# The annotations of a parameter that receives the call's context: the class, or its name as text. The annotation is
# text in a module that imports the class for the type checker only.
_CONTEXTS = (Context, "Context", "snakepit_worker.Context")


class Parameter:
    """One parameter of a tool, as it is described to callers."""

    __slots__ = ("check", "collects_rest", "default", "name", "required", "type")

    def __init__(self, parameter: inspect.Parameter, annotation: Any, is_annotated: bool) -> None:
        """Describe ``parameter``, which accepts values that fit ``annotation``."""
        has_default = parameter.default is not parameter.empty
        self.name = parameter.name
        self.type = describe(annotation) if is_annotated else ""
        self.check: Check = check_of(annotation)
        self.default: Any = parameter.default if has_default else None
        self.collects_rest = parameter.kind is parameter.VAR_KEYWORD
        self.required = not has_default and not self.collects_rest


class Signature:
    """A tool's signature; ``context`` is the name of the parameter that receives the call's context, or None."""

    __slots__ = ("context", "parameters", "returns")

    def __init__(self, name: str, function: Callable[..., Any]) -> None:
        """Read the signature of the tool ``name``; raises TypeError if a parameter is positional-only."""
        hints = _hints(function)
        self.returns = describe(hints["return"]) if "return" in hints else ""
        self.context: str | None = None
        self.parameters: list[Parameter] = []
        for parameter in inspect.signature(function).parameters.values():
            annotation = hints.get(parameter.name, Any)
            if annotation in _CONTEXTS or (parameter.name == "ctx" and annotation is Any):
                self.context = parameter.name
            elif parameter.kind in (parameter.POSITIONAL_ONLY, parameter.VAR_POSITIONAL):
                raise TypeError(
                    f"tool {name!r}: parameter {parameter.name!r} is positional-only; callers give arguments by name"
                )
            else:
                self.parameters.append(Parameter(parameter, annotation, is_annotated=parameter.name in hints))


def _hints(function: Callable[..., Any]) -> dict[str, Any]:
    """Return the annotations of a function by parameter name.

    An annotation that cannot be resolved stays text, and its values are not checked. For example, a name that is
    imported for the type checker only cannot be resolved at run time.
    """
    try:
        return typing.get_type_hints(function)
    except Exception:  # an annotation may be any expression
        innermost = inspect.unwrap(function)
        return {name: _resolved(hint, innermost) for name, hint in inspect.get_annotations(innermost).items()}


def _resolved(annotation: Any, function: Callable[..., Any]) -> Any:
    alone = types.SimpleNamespace(__annotations__={"it": annotation})
    try:
        return typing.get_type_hints(alone, getattr(function, "__globals__", {}))["it"]
    except Exception:  # an annotation may be any expression
        return annotation
