"""Tells which code a cancellation may interrupt."""

from __future__ import annotations

from collections.abc import Callable
from types import FrameType

from ..api.cancelled import CallCancelled

_PACKAGE = __name__.partition(".")[0] + "."
# Modules of this package that may be interrupted: the bundled adapters, and the Python wrapper around a tool in C.
_TOOL_CODE = (_PACKAGE + "adapters.", _PACKAGE + "tools.native")


# These read an exception without running code of its class, which may be the user's.
_context_of: Callable[[BaseException], BaseException | None] = BaseException.__dict__["__context__"].__get__


def is_own(frame: FrameType) -> bool:
    """Tell whether a stack frame runs code of this package that must not be interrupted."""
    module = str(frame.f_globals.get("__name__"))
    return module.startswith(_PACKAGE) and not module.startswith(_TOOL_CODE)


def is_handling_cancellation(
    handled: BaseException | None, kinds: tuple[type[BaseException], ...] = (CallCancelled,)
) -> bool:
    """Tell whether the exception ``handled`` is a cancellation, or was raised while a cancellation was handled.

    ``handled`` is the exception that the interrupted code is handling, in an ``except`` or ``finally`` block or in the
    ``__exit__`` of a ``with`` block.
    """
    while handled is not None:
        if issubclass(type(handled), kinds):
            return True
        handled = _context_of(handled)
    return False
