"""A tool: a Python function that the host may call by name."""

from __future__ import annotations

import types
from collections.abc import Callable, Mapping
from typing import Any

from ..api.context import Context
from ..api.tool import mark_of
from ..payloads.descriptions import shown
from ..payloads.errors import is_raised_by_worker
from ..process import forks
from .conversions import Conversion, Unfit, allow_all_levels, anything, is_too_deep, unfit_by
from .layers import chooses_by_position, decorators_of, docstring_of
from .marked import Marked
from .native import as_async_stream, as_coroutine, as_stream, in_python_frame
from .own_loops import run_own_loop
from .parameters import Parameter, Signature
from .recognition import Gives, Recognised


class InvalidArguments(Exception):
    """The arguments of a call do not fit its tool. It is raised before any of the tool's code runs."""


class Tool:
    """A tool: its name, its description, its parameters and the conversions of its arguments.

    Attributes:
        function: What a call for one result calls.
        stream: What a call for a stream calls.
        is_async: True for an ``async def`` function or generator.
        streaming: True for a generator.
        is_either: True for a tool that may be called in both ways, because only its result shows which one is right.
        keeps_decimals: True if an annotation names Decimal, so that numbers in JSON must be read as such.
    """

    __slots__ = (
        "_attached_conversions", "_context_parameter", "_conversions", "_decorated", "_required", "_rest",
        "description", "function", "is_async", "is_either", "keeps_decimals", "name", "parameters", "returns",
        "stream", "streaming", "takes_context",
    )  # fmt: skip

    def __init__(self, tool: Callable[..., Any] | Marked) -> None:
        """Read a function that is marked ``@tool``; raises TypeError if a parameter is positional-only.

        A callable object that has no name of its own has the name of the variable that holds it.
        """
        variable, takes_variable = "", False
        if isinstance(tool, Marked):
            variable, mark, takes_variable = tool.variable, tool.mark, tool.takes_variable
            tool = tool.function
        else:
            mark = mark_of(tool)
        recognised = Recognised(tool)
        own_name = getattr(tool, "__name__", None)
        is_named = isinstance(own_name, str) and own_name.isidentifier()  # a lambda is not
        self.name: str = mark.name or (own_name if is_named and not takes_variable else variable) or ""
        self.description: str = mark.description or docstring_of(tool)
        if chooses_by_position(tool):
            raise TypeError(
                f"tool {self.name!r}: functools.singledispatch chooses by an argument that is given by position, but "
                "callers give arguments by name; mark a function that calls it: "
                f"@tool, and below it def name(value): return {self.name or 'function'}(value)"
            )
        signature = Signature(self.name, tool, recognised.innermost)
        recognised.read_annotation(signature.returned)
        gives = recognised.gives
        self.is_async: bool = gives in (Gives.COROUTINE, Gives.ASYNC_GENERATOR)
        self.streaming: bool = gives in (Gives.GENERATOR, Gives.ASYNC_GENERATOR)
        self.is_either: bool = gives is Gives.GENERATOR and not recognised.is_certain

        is_python = isinstance(tool, types.FunctionType | types.MethodType)
        self.function: Callable[..., Any] = tool if is_python else in_python_frame(tool)
        self.stream: Callable[..., Any] = self.function
        if not recognised.is_certain:
            if gives is Gives.COROUTINE:
                self.function = as_coroutine(tool, run_own_loop(recognised.decorators))
            elif gives is Gives.GENERATOR:
                self.stream = as_stream(self.name, tool)
            elif gives is Gives.ASYNC_GENERATOR:
                self.stream = as_async_stream(self.name, tool)

        self.returns: str = signature.returns
        self.parameters: list[Parameter] = signature.parameters
        self.keeps_decimals: bool = signature.keeps_decimals
        self.takes_context: bool = signature.context is not None
        self._context_parameter = signature.context
        self._decorated = tool
        self._required = frozenset(p.name for p in self.parameters if p.required)
        self._conversions = {p.name: p.conversion for p in self.parameters if not p.collects_rest}
        self._rest = next((p.conversion for p in self.parameters if p.collects_rest), None)
        self._attached_conversions: tuple[dict[str, Conversion], Conversion | None] | None = None

    def bind(
        self, arguments: Mapping[str, Any], context: Context | None, has_attached: bool = False
    ) -> Mapping[str, Any]:
        """Convert ``arguments`` as their annotations tell, and return them together with the context.

        Raises InvalidArguments, which names every fault. ``context`` may be None for a tool that takes no context.
        ``has_attached`` tells whether there is something Attached in the arguments.
        """
        conversions, rest = self._conversions, self._rest
        if has_attached:
            conversions, rest = self._for_attached()
        converted: dict[str, Any] | None = None
        for name, value in arguments.items():
            conversion = conversions.get(name, rest)
            if conversion is anything:
                continue
            if conversion is None:
                raise self._invalid(arguments, conversions, rest)
            try:
                made = conversion(value)
            except BaseException as error:
                made = self._made_after(error, conversion, name, value)
                if type(made) is Unfit:
                    raise self._invalid(arguments, conversions, rest, {name: made}) from None
            if made is not value:
                converted = converted or {}
                converted[name] = made
        if not self._required <= arguments.keys():
            raise self._invalid(arguments, conversions, rest)
        if converted is not None:
            arguments = {**arguments, **converted}
        if self._context_parameter is not None:
            if self._context_parameter in arguments:
                raise self._invalid(arguments, conversions, rest)
            return {**arguments, self._context_parameter: context}
        return arguments

    def _for_attached(self) -> tuple[dict[str, Conversion], Conversion | None]:
        found = self._attached_conversions
        if found is None:  # made when the first such arguments come, because most tools never get any
            named = {p.name: p.conversion_of_attached() for p in self.parameters if not p.collects_rest}
            rest = next((p.conversion_of_attached() for p in self.parameters if p.collects_rest), None)
            found = self._attached_conversions = named, rest
        return found

    def _made_after(self, error: BaseException, conversion: Conversion, name: str, value: Any) -> Any:
        """Return what an argument is converted to although that has raised ``error``, or the Unfit that tells why."""
        forks.end_if_forked(error)
        if is_too_deep(error, value):
            allow_all_levels()  # perhaps another thread has done so meanwhile, so the conversion is tried again
            try:
                return conversion(value)
            except BaseException as final:
                return self._unfit(final, name, value)
        return self._unfit(error, name, value)

    def _unfit(self, error: BaseException, name: str, value: Any) -> Unfit:
        """Return what the conversion of an argument has raised; raise it again if the fault is the worker's own."""
        if type(error) not in (Unfit, RecursionError) and is_raised_by_worker(error):
            raise error
        wanted = next((p.type for p in self.parameters if p.name == name or p.collects_rest), "")
        return unfit_by(error, value, wanted or "what the tool takes")

    def _tried(self, conversion: Conversion, name: str, value: Any) -> Unfit | None:
        try:
            conversion(value)
        except BaseException as error:
            made = self._made_after(error, conversion, name, value)
            return made if type(made) is Unfit else None
        return None

    def _invalid(
        self,
        arguments: Mapping[str, Any],
        conversions: Mapping[str, Conversion],
        rest: Conversion | None,
        known: Mapping[str, Unfit] | None = None,
    ) -> InvalidArguments:
        """Return the error that names every fault of ``arguments``; those that are ``known`` are not looked for."""
        faults = [f"missing {p.name!r}" for p in self.parameters if p.required and p.name not in arguments]
        is_unknown = bool(faults)
        for name, value in arguments.items():
            conversion = None if name == self._context_parameter else conversions.get(name, rest)
            if conversion is None:
                faults.append(f"unexpected {name!r}")
                is_unknown = is_unknown or name != self._context_parameter
                continue
            unfit = known[name] if known and name in known else self._tried(conversion, name, value)
            if unfit is not None:
                faults.append(unfit.message(name))
        advice = self._advice() if is_unknown else ""
        return InvalidArguments(f"{self.signature()}: {'; '.join(faults)}{advice}")

    def _advice(self) -> str:
        """Tell where the parameters come from, if a decorator may have changed them."""
        decorators = decorators_of(self._decorated)
        if not decorators:
            return ""
        names = ", ".join(map(repr, decorators))
        return (
            f" (these are the parameters of the function below the decorator {names}: a decorator that gives an "
            "argument itself, or takes one more, has to set __signature__ of what it returns)"
        )

    def signature(self) -> str:
        """Return the tool's signature as text, such as ``add(a: float, b: float)``."""
        parameters = (
            ("**" if p.collects_rest else "")
            + p.name
            + (f": {p.type}" if p.type else "")
            + ("" if p.required or p.collects_rest else f" = {shown(p.default)}")
            for p in self.parameters
        )
        return f"{self.name}({', '.join(parameters)})"
