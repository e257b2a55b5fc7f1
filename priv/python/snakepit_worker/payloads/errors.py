"""Converts an exception that a tool has raised to data that can be sent to the host.

The class of an exception may be the user's code, which may itself raise when the exception's text or attributes are
read. The functions in this module never pass on such an error. Texts are shortened so that they fit into a frame.
"""

from __future__ import annotations

import traceback
from typing import Any, cast

from ..process import forks
from . import exact_writer
from .descriptions import message_of, sendable, type_name
from .limits import MAX_DEPTH_WITH_NAMES

# Maximum length in bytes. See descriptions.LONGEST_MESSAGE.
_LONGEST_TRACEBACK = 32 * 1024
_OPERATING_SYSTEM_ATTRIBUTES = ("errno", "strerror", "filename")
_PACKAGE = __name__.partition(".")[0]
_traceback = BaseException.__dict__["__traceback__"].__get__
_cause = BaseException.__dict__["__cause__"].__get__
_context = BaseException.__dict__["__context__"].__get__


def is_raised_by_worker(error: BaseException) -> bool:
    """Tell whether code of this package has raised ``error``, and not code of the user's that it has called."""
    trace = _traceback(error)
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    module = None if trace is None else trace.tb_frame.f_globals.get("__name__")
    return type(module) is str and module.partition(".")[0] == _PACKAGE


def traceback_of(error: BaseException, own_frames: int) -> str:
    """Return the traceback as Python prints it, without its first ``own_frames`` stack frames (the worker's code)."""
    trace = _traceback(error)
    for _ in range(own_frames):
        trace = trace.tb_next if trace is not None else None
    try:
        text = "".join(traceback.format_exception(type(error), error, trace))
    except BaseException as broken:  # causes, notes and sub-exceptions may be the user's code too, and raise
        forks.end_if_forked(broken)
        text = f"{_frames_of(trace)}{type_name(error)}: {message_of(error)}\n"
    return sendable(text, _LONGEST_TRACEBACK)


def _frames_of(trace: Any) -> str:
    try:
        return "".join(traceback.format_tb(trace))
    except BaseException as broken:  # the source lines are asked of a loader, which may be the user's code
        forks.end_if_forked(broken)
        return ""


def forget_locals(error: BaseException) -> None:
    """Clear the local variables of the functions that ``error`` and its causes have left.

    A function that has raised an exception which one of its variables refers to forms a cycle with this exception. The
    cycle would keep all variables of the function, and the arguments of the call, until the garbage collector runs,
    which an idle worker does not do.
    """
    seen: set[int] = set()
    left: list[BaseException | None] = [error]
    while left:
        known = left.pop()
        if known is not None and id(known) not in seen:
            seen.add(id(known))
            traceback.clear_frames(_traceback(known))
            left += (_cause(known), _context(known))


def attributes_of(error: BaseException, limit: int) -> bytes:
    """Return the exception's public attributes as a JSON object.

    An attribute is left out when JSON alone cannot carry it, when there is no memory for it, or when it does not fit
    into what is left of ``limit`` bytes.
    """
    attributes: list[bytes] = []
    room = limit
    for name, value in _public(error).items():
        try:
            encoded = exact_writer.write({name: value}, MAX_DEPTH_WITH_NAMES)
        except BaseException as broken:  # JSON cannot carry the value, or its class is the user's and raises anything
            forks.end_if_forked(broken)
            continue
        if isinstance(encoded, bytes) and len(encoded) <= room:
            room -= len(encoded)
            attributes.append(encoded[1:-1])
    return b"{" + b",".join(attributes) + b"}"


def _public(error: BaseException) -> dict[str, Any]:
    found: dict[str, Any] = {}
    if issubclass(type(error), OSError):
        found |= {name: _attribute(error, name) for name in _OPERATING_SYSTEM_ATTRIBUTES}
    if issubclass(type(error), SystemExit):
        found["code"] = _attribute(error, "code")
    own = _attribute(error, "__dict__")
    if type(own) is dict:
        attributes = cast("dict[Any, Any]", own)  # code of the user's may have put anything into it
        found |= {name: value for name, value in attributes.items() if type(name) is str and not name.startswith("_")}
    notes = _attribute(error, "__notes__")
    if type(notes) is list and notes:
        found["notes"] = notes
    return found


def _attribute(error: BaseException, name: str) -> Any:
    try:
        return getattr(error, name, None)
    except BaseException as broken:  # a subclass may have overridden the attribute with a property that raises
        forks.end_if_forked(broken)
        return None
