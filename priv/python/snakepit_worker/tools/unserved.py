"""Finds what is marked ``@tool`` and would not be served, so that an error or a warning names it."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator, Mapping
from types import FunctionType, MethodType, ModuleType
from typing import Any

from ..api.adapter import Adapter
from ..api.tool import Marking, ToolMark, markings
from ..payloads.descriptions import class_name, class_of, module_of
from ..process.objects import bases_of
from .marked import AdapterError, find_mark, is_class, unwrapped

_MOST_LAYERS = 100  # of decorators
_MISSING = object()
_members: Callable[[type], Mapping[str, Any]] = type.__dict__["__dict__"].__get__  # past a metaclass of the user's


def refuse_unserved(module: ModuleType, adapter: type[Adapter] | None) -> None:
    """Raise AdapterError if a variable or a class of ``module`` holds a tool that would not be served.

    ``adapter`` is the class in the module whose tools are served; None means that the module's functions are.
    """
    bases = () if adapter is None else bases_of(adapter)
    for kind in filter(is_class, list(vars(module).values())):
        # A Protocol or a TypedDict raises when it is asked whether the adapter is a subclass.
        is_served = issubclass(kind, Adapter) or any(base is kind for base in bases)
        if is_served or module_of(kind) != module.__name__:
            continue
        for name, member in _members(kind).items():
            if find_mark(member) is not None and not _has_taken(member, module):
                raise AdapterError(
                    f"{module.__name__}.{class_name(kind)}.{name} is marked @tool, but its class is no adapter; "
                    f"write class {class_name(kind)}(Adapter)"
                )
    if adapter is None:
        return
    served = {id(member) for kind in adapter.__mro__ for member in _members(kind).values()}
    own = {id(marking.mark) for marking in markings() if marking.variables is vars(module)}
    for variable, member in vars(module).items():
        mark = find_mark(member)
        if mark is None or id(member) in served:
            continue
        if id(mark) in own or str(getattr(member, "__module__", "")) == module.__name__:
            raise AdapterError(
                f"{module.__name__}.{variable} is marked @tool, but only methods of the module's adapter "
                f"{adapter.__qualname__} are served; make it a method of that class"
            )


def refuse_lost(module: ModuleType, adapter: Adapter, is_only: bool) -> list[str]:
    """Raise AdapterError for a tool of ``module`` that nothing holds from which it would be served.

    Return what may be wrong, or may be meant so. If ``adapter`` is not the only one that the module is loaded for,
    what does not belong to the adapter's class is left out.
    """
    held = {id(mark) for mark in _held(module, adapter)}
    kinds = {kind.__qualname__ for kind in type(adapter).__mro__ if module_of(kind) == module.__name__}
    doubts: list[str] = []
    for marking in markings():
        target = marking.target
        is_own = marking.variables is vars(module) or (
            type(target) is FunctionType and target.__globals__ is vars(module)
        )
        owner = target.__qualname__.rpartition(".")[0] if _is_definition(target) else marking.owner
        if not is_own or not (is_only or owner in kinds):
            continue
        if id(marking.mark) in held or id(find_mark(target)) in held:
            continue
        is_certain = _is_definition(target) or (marking.owner is not None and "<locals>" not in marking.owner)
        problem, is_certain = _problem(marking, module, is_certain)
        if is_certain:
            raise AdapterError(problem)
        doubts.append(problem)
    return doubts + list(_unmarked_overrides(type(adapter)))


def _problem(marking: Marking, module: ModuleType, is_certain: bool) -> tuple[str, bool]:
    """Return why a marked object is not served, and whether that is certainly a fault."""
    target = marking.target
    if not _is_definition(target):
        name = target.__qualname__ if type(target) is FunctionType else f"a {class_of(target)}"
        return (
            f"line {marking.line} of {module.__name__} marks {name} with @tool, but no variable holds it, so it is not "
            "served: assign it to a variable of the module, or in __init__ to an attribute of the adapter",
            is_certain,
        )
    name = f"{module.__name__}.{target.__qualname__}"
    found = _at(target.__qualname__, module)
    if found is _MISSING:
        return f"{name} is marked @tool, but no variable holds it any more, so it is not served", False
    layers = list(_layers(found))
    code = getattr(layers[-1], "__code__", None)
    if getattr(code, "co_name", None) == target.__name__ and target not in layers:
        return (
            f"{name} in line {target.__code__.co_firstlineno} is marked @tool, but a later definition of the same name "
            f"in line {getattr(code, 'co_firstlineno', 0)} has replaced it; give one of them another name",
            True,
        )
    if find_mark(found) is not None:
        return f"{name} is marked @tool, but another tool has replaced it, so it is not served", False
    if not callable(unwrapped(found)):
        return f"{name} is marked @tool, but a {class_of(found)} has replaced it; give that another name", True
    return (
        f"{name} is marked @tool, but the decorator above @tool returns another object, which is not marked; put @tool "
        "above that decorator",
        True,
    )


def _is_definition(target: Any) -> bool:
    """Tell whether an object is what ``def`` has made in a module or in a class there."""
    return (
        type(target) is FunctionType and "<" not in target.__qualname__ and target.__code__.co_name == target.__name__
    )


def _at(path: str, module: ModuleType) -> Any:
    """Return the object at ``path`` in a module, or _MISSING if there is none, because it was deleted."""
    found: Any = module
    for name in path.split("."):
        if found is not module and not is_class(found):
            return _MISSING
        found = (vars(module) if found is module else _members(found)).get(name, _MISSING)
    return found


def _held(module: ModuleType, adapter: Adapter) -> Iterator[ToolMark]:
    """Yield the marks of all that a variable, a class or the adapter holds, and of what that is wrapped around."""
    waiting: list[Any] = [*vars(module).values(), *vars(adapter).values(), *type(adapter).__mro__]
    seen: set[int] = set()
    while waiting:
        member = waiting.pop()
        if is_class(member):
            if id(member) not in seen:
                seen.add(id(member))
                waiting += _members(member).values()
            continue
        for layer in _layers(member) if find_mark(member) is not None else ():
            mark = find_mark(layer)
            if mark is not None:
                yield mark


def _layers(member: Any) -> Iterator[Any]:
    for _ in range(_MOST_LAYERS):
        yield member
        inner = unwrapped(member)
        if inner is member:
            try:
                if isinstance(member, functools.partial):
                    inner = member.func
                else:
                    inner = member.__func__ if type(member) is MethodType else member.__wrapped__
            except Exception:  # it wraps nothing, or is an object that raises when it is asked
                return
        member = inner


def _unmarked_overrides(kind: type) -> Iterator[str]:
    """Name methods that override a tool without being marked. Who means to leave the tool out sets it to None."""
    for name in dir(kind):
        definers = [base for base in kind.__mro__ if name in _members(base)]
        found = _members(definers[0])[name] if definers else None
        if found is None or find_mark(found) is not None:
            continue
        marked = next((base for base in definers if find_mark(_members(base)[name]) is not None), None)
        if marked is not None:
            yield (
                f"{class_name(definers[0])}.{name} overrides {class_name(marked)}.{name}, which is marked @tool, but "
                f"is not marked itself, so it is not served: mark it too, or set {name} = None if that is meant"
            )


def _has_taken(member: Any, module: ModuleType) -> bool:
    """Tell whether a variable of the module holds the static method ``member``, or a bound method of that function."""
    function = unwrapped(member)
    return any(
        found is function if type(member) is staticmethod else type(found) is MethodType and found.__func__ is function
        for found in list(vars(module).values())
    )
