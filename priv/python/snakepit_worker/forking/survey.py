"""Finds objects in this process by their type, and tells where they lie."""

from __future__ import annotations

import collections
import gc
import sys
from collections.abc import Callable, Iterable, Iterator
from types import ModuleType
from typing import Any

_DEPTH = 4  # how many steps lead from a module or an adapter to an object that is named
_MOST = 100_000  # how many objects are looked at for names


class Survey:
    """All objects of this process, by their type.

    The garbage collector knows them wherever they lie: in variables of modules, in closures, in other objects. Only
    types are looked at, because to ask an object for anything may run the user's code.
    """

    def __init__(self) -> None:
        """Take stock of the objects, and keep them alive as long as this object lives."""
        self._objects: dict[type, list[Any]] = collections.defaultdict(list)
        for found in gc.get_objects():
            self._objects[type(found)].append(found)

    def of(self, is_wanted: Callable[[type], bool]) -> list[Any]:
        """Return the objects whose type ``is_wanted``."""
        return [found for kind, objects in self._objects.items() if is_wanted(kind) for found in objects]


class Names:
    """Names for objects that lie in the adapter or in variables of modules, such as ``inventory.connection``."""

    def __init__(self, adapter: object) -> None:
        """Look in ``adapter``, and in all modules but those of the standard library."""
        self._roots: list[tuple[str, Any]] = [(type(adapter).__qualname__, adapter)]
        for name, module in reversed(list(sys.modules.items())):  # those of the adapter were imported last
            if name.partition(".")[0] not in sys.stdlib_module_names:
                self._roots.append((name, module))

    def of(self, wanted: Iterable[object]) -> dict[int, str]:
        """Return a name for each of the ``wanted`` objects that is found, by the object's id."""
        missing = {id(found) for found in wanted}
        names: dict[int, str] = {}
        seen: set[int] = {id(root) for _, root in self._roots}
        waiting = collections.deque((name, root, 0) for name, root in self._roots)
        while waiting and missing and len(seen) < _MOST:
            path, holder, depth = waiting.popleft()
            for step, value in _parts(holder):
                if id(value) in seen or issubclass(type(value), ModuleType):
                    continue
                seen.add(id(value))
                if id(value) in missing:
                    missing.discard(id(value))
                    names[id(value)] = path + step
                if depth < _DEPTH:
                    waiting.append((path + step, value, depth + 1))
        return names


def _parts(holder: Any) -> Iterator[tuple[str, Any]]:
    """Yield what an object holds, each with the text that leads to it. Runs no code of the object's class."""
    kind = type(holder)
    if issubclass(kind, dict):
        yield from ((f"[{_key(key)}]", value) for key, value in list(dict.items(holder)))
    elif issubclass(kind, list | tuple):
        yield from ((f"[{index}]", value) for index, value in enumerate(kind.__iter__(holder)))
    elif issubclass(kind, set | frozenset | collections.deque):
        yield from (("[…]", value) for value in list(kind.__iter__(holder)))
    try:
        attributes: Any = object.__getattribute__(holder, "__dict__") if kind is not type else dict(vars(holder))
    except Exception:  # it has none, or its class computes them
        attributes = {}
    if issubclass(type(attributes), dict):
        yield from ((f".{name}", value) for name, value in list(attributes.items()))
    for base in kind.__mro__:
        for name, slot in list(vars(base).items()):
            if type(slot) is _SLOT:
                try:
                    yield f".{name}", slot.__get__(holder)
                except AttributeError:
                    pass  # the slot is empty


class _Slotted:
    __slots__ = ("slot",)
    slot: object


_SLOT = type(vars(_Slotted)["slot"])


def _key(key: object) -> str:
    return repr(key) if type(key) in (str, int, float, bool) else type(key).__name__
