"""Names objects of this process by where they lie, for example in a variable of a module."""

from __future__ import annotations

import collections
import contextvars
import functools
import gc
import sys
import threading
from collections.abc import Callable, Iterable, Iterator
from types import FunctionType, MethodType, ModuleType
from typing import Any, cast

from ..process.objects import bases_of, class_of

_DEPTH = 4  # how many steps lead from a module or an adapter to an object that is named
_MOST = 100_000  # how many objects are looked at for names
_CACHED = type(functools.lru_cache(len))  # the class of functions that remember what they have returned


# It reads a class without asking its metaclass, which may be the user's code.
_members_of: Callable[[type], Any] = type.__dict__["__dict__"].__get__


def has_members(kind: type, names: Iterable[str]) -> bool:
    """Tell whether a class, or one of its base classes, defines each of the ``names``."""
    members = [_members_of(base) for base in bases_of(kind)]
    return all(any(name in defined for defined in members) for name in names)


class Names:
    """Names for objects that lie in the adapter or in variables of modules, such as ``inventory.connection``."""

    def __init__(self, adapter: object) -> None:
        """Look in ``adapter``, and in all modules but those of the standard library."""
        self._roots: list[tuple[str, Any]] = [(type(adapter).__qualname__, adapter)]
        for name, module in reversed(list(sys.modules.items())):  # those of the adapter were imported last
            if name.partition(".")[0] not in sys.stdlib_module_names:
                self._roots.append((name, module))
        self._roots += [(f"ContextVar {one.name}", [value]) for one, value in contextvars.copy_context().items()]

    def of(self, wanted: Iterable[object]) -> dict[int, str]:
        """Return a name for each of the ``wanted`` objects that is found, by the object's id."""
        missing = {id(found) for found in wanted}
        names: dict[int, str] = {}
        for name, value in self._all() if missing else ():
            if id(value) in missing:
                missing.discard(id(value))
                names[id(value)] = name
                if not missing:
                    break
        return names

    def objects_of(self, kind: type) -> list[Any]:
        """Return the objects of exactly this class that have a name, also if the garbage collector does not know it."""
        return [value for _, value in self._all() if type(value) is kind]

    def _all(self) -> Iterator[tuple[str, Any]]:
        seen: set[int] = {id(root) for _, root in self._roots}
        waiting = collections.deque((name, root, 0) for name, root in self._roots)
        while waiting and len(seen) < _MOST:
            path, holder, depth = waiting.popleft()
            for step, value in _parts(holder):
                if id(value) in seen or issubclass(type(value), ModuleType):
                    continue
                seen.add(id(value))
                yield path + step, value
                if depth < _DEPTH:
                    waiting.append((path + step, value, depth + 1))


def _parts(holder: Any) -> Iterator[tuple[str, Any]]:
    """Yield what an object holds, each with the text that leads to it. Runs no code of the object's class."""
    kind = class_of(holder)
    yield from ((f"[{_key(key)}]", value) for key, value in _items(holder, kind))
    try:
        attributes: Any = dict(object.__getattribute__(holder, "__dict__"))
    except Exception:  # it has none, or its class computes them
        attributes = {}
    yield from ((f".{name}", value) for name, value in attributes.items())
    yield from _captured(holder, kind)
    for base in bases_of(kind):
        for name, slot in list(_members_of(base).items()):
            if type(slot) is _SLOT:
                try:
                    yield f".{name}", slot.__get__(holder)
                except AttributeError:
                    pass  # the slot is empty


def _captured(holder: Any, kind: type) -> Iterator[tuple[str, Any]]:
    """Yield what a function captures, has as defaults or caches, and what a bound method or a thread-local holds."""
    if kind is MethodType:
        yield ".__self__", holder.__self__
        yield "", holder.__func__
    elif kind is FunctionType:
        code = holder.__code__
        for name, cell in zip(code.co_freevars, holder.__closure__ or (), strict=True):
            try:
                yield f".{name}", cell.cell_contents
            except ValueError:
                pass  # the variable has no value yet
        defaults = holder.__defaults__ or ()
        names = code.co_varnames[: code.co_argcount][code.co_argcount - len(defaults) :]
        yield from ((f"({name})", value) for name, value in zip(names, defaults, strict=False))
        named: dict[str, Any] = holder.__kwdefaults__ or {}
        yield from ((f"({name})", value) for name, value in named.items())
    elif kind is _CACHED:
        yield from (("()", value) for value in gc.get_referents(holder))  # what the function has returned, among others
    elif kind is threading.local:
        attributes = cast("dict[str, Any]", vars(holder))
        yield from ((f".{name}", value) for name, value in attributes.items())


def _key(key: object) -> str:
    return repr(key) if type(key) in (str, int, float, bool) else type(key).__name__


# Their own methods are used: those of a class of the adapter that derives from them may be others.
_DICT: Any = dict
_SEQUENCES: Any = list, tuple, set, frozenset, collections.deque


def _items(holder: Any, kind: type) -> Iterable[tuple[Any, Any]]:
    """Return what a container holds, each with its key or its index; nothing for any other object."""
    if issubclass(kind, _DICT):
        return list(_DICT.items(holder))
    for base in _SEQUENCES:
        if issubclass(kind, base):
            return enumerate(list(base.__iter__(holder)))
    return ()


class _Slotted:
    __slots__ = ("slot",)
    slot: object


_A_SLOT: object = vars(_Slotted)["slot"]
_SLOT: Any = type(_A_SLOT)
