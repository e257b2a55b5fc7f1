"""Which code a cancellation may interrupt."""

from __future__ import annotations

from types import FrameType

from ..api.cancelled import CallCancelled

_PACKAGE = __name__.partition(".")[0] + "."
# Modules of this package that run as tools: the bundled adapters, and the frame around a tool that is not Python code.
_TOOL_CODE = (_PACKAGE + "adapters.", _PACKAGE + "tools.native")


def is_own(frame: FrameType) -> bool:
    """Tell whether a frame runs code of this package that must not be interrupted."""
    module = str(frame.f_globals.get("__name__"))
    return module.startswith(_PACKAGE) and not module.startswith(_TOOL_CODE)


def is_handling_cancellation(
    handled: BaseException | None, kinds: tuple[type[BaseException], ...] = (CallCancelled,)
) -> bool:
    """Tell whether an exception that is being handled is a cancellation, or was raised while one was handled.

    Code that runs then is in an ``except`` or ``finally`` block, or in the ``__exit__`` of a ``with`` block.
    """
    while handled is not None:
        if isinstance(handled, kinds):
            return True
        handled = handled.__context__
    return False
