"""Finds objects in this process by their type, without running code of the user's classes."""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterable
from types import BuiltinFunctionType, FunctionType, WrapperDescriptorType
from typing import Any

# It reads a class without asking its metaclass, which may be the user's code.
bases_of: Callable[[type], tuple[type, ...]] = type.__dict__["__mro__"].__get__


def class_of(found: object) -> type:
    """Return the class of an object. Unlike ``isinstance``, it does not ask the object."""
    return type(found)


def set_aside() -> None:
    """Keep what exists now out of garbage collections, and out of what ``made_since`` returns."""
    gc.freeze()
    _Aside.count = gc.get_freeze_count()


def made_since() -> list[Any]:
    """Return the objects that were made since ``set_aside``, wherever they lie; the garbage collector knows them."""
    if gc.get_freeze_count() > _Aside.count:  # the adapter has frozen objects of its own too
        gc.unfreeze()
    return gc.get_objects()


class _Aside:
    count = 0  # of the objects that have been set aside


# Most objects are of these classes, and nobody looks for them.
_PLAIN_TYPES: tuple[Any, ...] = (dict, list, tuple, set, type, FunctionType, BuiltinFunctionType, WrapperDescriptorType)
_PLAIN = frozenset(map(id, _PLAIN_TYPES))


class Survey:
    """Objects of this process by their type, except those of the plainest types.

    Only types are looked at, because to ask an object for anything may run the user's code.
    """

    def __init__(self, objects: Iterable[object]) -> None:
        """Take stock of ``objects``, and keep them alive as long as this object lives."""
        # By the id of the type, because a type's own hash may be the user's code.
        self._objects: dict[int, tuple[type, list[Any]]] = {}
        for found in objects:
            kind = class_of(found)
            if id(kind) in _PLAIN:
                continue
            known = self._objects.get(id(kind))
            if known is None:
                known = self._objects[id(kind)] = kind, []
            known[1].append(found)

    def of(self, is_wanted: Callable[[type], bool]) -> list[Any]:
        """Return the objects whose type ``is_wanted``."""
        return [found for kind, objects in self._objects.values() if is_wanted(kind) for found in objects]
