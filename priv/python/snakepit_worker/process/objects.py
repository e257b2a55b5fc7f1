"""Finds objects in this process by their type, without running code of the user's classes."""

from __future__ import annotations

import gc
from collections.abc import Callable
from typing import Any

# It reads a class without asking its metaclass, which may be the user's code.
bases_of: Callable[[type], tuple[type, ...]] = type.__dict__["__mro__"].__get__


def class_of(found: object) -> type:
    """Return the class of an object. Unlike ``isinstance``, it does not ask the object."""
    return type(found)


class Survey:
    """All objects of this process, by their type.

    The garbage collector knows them wherever they lie: in variables of modules, in closures, in other objects. Only
    types are looked at, because to ask an object for anything may run the user's code.
    """

    def __init__(self) -> None:
        """Take stock of the objects, and keep them alive as long as this object lives."""
        # By the id of the type, because a type's own hash may be the user's code.
        self._objects: dict[int, tuple[type, list[Any]]] = {}
        for found in gc.get_objects():
            kind = class_of(found)
            known = self._objects.get(id(kind))
            if known is None:
                known = self._objects[id(kind)] = kind, []
            known[1].append(found)

    def of(self, is_wanted: Callable[[type], bool]) -> list[Any]:
        """Return the objects whose type ``is_wanted``."""
        return [found for kind, objects in self._objects.values() if is_wanted(kind) for found in objects]
