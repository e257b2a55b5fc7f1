"""Tells when a cancellation is being handled, so that another one must not interrupt the code that handles it."""

from __future__ import annotations

from collections.abc import Callable

from ..api.cancelled import CallCancelled

# These read an exception without running code of its class, which may be the user's.
_context_of: Callable[[BaseException], BaseException | None] = BaseException.__dict__["__context__"].__get__


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
