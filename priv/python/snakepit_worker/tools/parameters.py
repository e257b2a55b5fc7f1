"""The parameters of a tool, read from its signature."""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable
from typing import Any, cast

from ..api.context import Context
from ..payloads.attached import native
from .annotations import conversion_of, describe
from .conversions import Conversion
from .decimals import mentions_decimal, without_decimals
from .hints import hints_of, resolved

# The annotations of a parameter that receives the call's context: the class, or its name as text. The annotation is
# text in a module that imports the class for the type checker only.
_CONTEXT_NAMES = ("Context", "snakepit_worker.Context")


class Parameter:
    """One parameter of a tool, as it is described to callers."""

    __slots__ = ("_annotation", "_keeps_decimals", "collects_rest", "conversion", "default", "name", "required", "type")

    def __init__(self, parameter: inspect.Parameter, annotation: Any, is_annotated: bool) -> None:
        """Describe ``parameter``, which accepts values that fit ``annotation``."""
        has_default = parameter.default is not parameter.empty
        self.name = parameter.name
        self.type = describe(annotation) if is_annotated else ""
        self.conversion: Conversion = conversion_of(annotation)
        self._annotation = annotation
        self._keeps_decimals = True
        self.default: Any = parameter.default if has_default else None
        self.collects_rest = parameter.kind is parameter.VAR_KEYWORD
        self.required = not has_default and not self.collects_rest

    def drop_decimals(self) -> None:
        """Make floats of all decimals, which are there for the sake of other parameters."""
        self.conversion = without_decimals(self.conversion)
        self._keeps_decimals = False

    def conversion_of_attached(self) -> Conversion:
        """Return the function that converts an argument whose JSON has attachments, such as bytes or arrays."""
        conversion = conversion_of(self._annotation, native)
        return conversion if self._keeps_decimals else without_decimals(conversion)


class Signature:
    """A tool's signature; ``context`` is the name of the parameter that receives the call's context, or None."""

    __slots__ = ("context", "keeps_decimals", "parameters", "returned", "returns")

    def __init__(self, name: str, function: Callable[..., Any], innermost: Callable[..., Any]) -> None:
        """Read the signature of the tool ``name``; raises TypeError if a parameter is positional-only.

        The annotations are read from ``innermost``, the function below the decorators of ``function``.
        """
        signature = _signature_of(function)
        hints = _hints(innermost, signature)
        self.returned: Any = hints.get("return")
        self.returns = describe(self.returned) if "return" in hints else ""
        self.context: str | None = None
        self.parameters: list[Parameter] = []
        for parameter in signature.parameters.values():
            annotation = hints.get(parameter.name, Any)
            if _is_context(annotation) or (parameter.name == "ctx" and annotation is Any):
                self.context = parameter.name
            elif parameter.kind is parameter.POSITIONAL_ONLY:
                raise TypeError(
                    f"tool {name!r}: parameter {parameter.name!r} is positional-only; callers give arguments by name"
                )
            elif parameter.kind is parameter.VAR_POSITIONAL:
                raise TypeError(
                    f"tool {name!r}: callers give arguments by name, which *{parameter.name} cannot take; write the "
                    "parameters out, or let the decorator's object keep those of its function (functools.wraps)"
                )
            else:
                self.parameters.append(Parameter(parameter, annotation, is_annotated=parameter.name in hints))
        self.keeps_decimals = any(mentions_decimal(hints.get(one.name)) for one in self.parameters)
        if self.keeps_decimals:
            for one in self.parameters:
                if not mentions_decimal(hints.get(one.name)):
                    one.drop_decimals()


def _signature_of(function: Any) -> inspect.Signature:
    if isinstance(function, functools.partial) and "__wrapped__" in vars(function):
        # Python would give the signature of what it wraps, with the parameters for which the partial has arguments.
        partial = cast("functools.partial[Any]", function)
        return inspect.signature(functools.partial(partial.func, *partial.args, **partial.keywords))
    return inspect.signature(cast("Any", function))


def _is_context(annotation: Any) -> bool:
    # ``in`` or ``==`` would call the annotation's own code, because an annotation may be any object.
    return annotation is Context or (type(annotation) is str and annotation in _CONTEXT_NAMES)


def _hints(innermost: Callable[..., Any], signature: inspect.Signature) -> dict[str, Any]:
    """Return the annotations of a function by parameter name.

    Those of a ``__signature__`` that a decorator has set count, and not those of the ``innermost`` function, which the
    decorator may call with other values.
    """
    hints = hints_of(innermost)
    annotations: Any = getattr(innermost, "__annotations__", None)
    known = cast("dict[str, Any]", annotations) if isinstance(annotations, dict) else {}
    given = {name: parameter.annotation for name, parameter in signature.parameters.items()}
    for name, annotation in {**given, "return": signature.return_annotation}.items():
        if annotation is not signature.empty and (name not in known or known[name] is not annotation):
            hints[name] = resolved(annotation, getattr(innermost, "__globals__", {}), {})
    return hints
