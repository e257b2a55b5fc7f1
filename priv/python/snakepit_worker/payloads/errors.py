"""Converts an exception that a tool has raised to data that can be sent to the host.

The class of an exception may be the user's code, which may itself raise when the exception's text or attributes are
read. The functions in this module never pass on such an error. Texts are shortened so that they fit into a frame.
"""

from __future__ import annotations

import traceback
from typing import Any

from . import codec

# Maximum lengths in bytes. A failure frame carries the message twice and the traceback once, and these texts together
# must fit into protocol.framing.FRAME_OVERHEAD.
_LONGEST_MESSAGE = 12 * 1024
_LONGEST_TRACEBACK = 32 * 1024
_LONGEST_TYPE = 1024
_OPERATING_SYSTEM_ATTRIBUTES = ("errno", "strerror", "filename")


def type_name(error: BaseException) -> str:
    """Return the name of the exception's class, with its module unless it is built in."""
    kind = type(error)
    name = kind.__qualname__ if kind.__module__ == "builtins" else f"{kind.__module__}.{kind.__qualname__}"
    return _sendable(name, _LONGEST_TYPE)


def message_of(error: BaseException) -> str:
    """Return the exception's text, even if its own ``__str__`` raises."""
    try:
        return _sendable(str(error), _LONGEST_MESSAGE)
    except BaseException as broken:  # the user's __str__ may raise anything
        return f"<{type_name(error)} whose __str__ raised {type_name(broken)}>"


def traceback_of(error: BaseException, own_frames: int) -> str:
    """Return the traceback as Python prints it, without its first ``own_frames`` stack frames (the worker's code)."""
    trace = error.__traceback__
    for _ in range(own_frames):
        trace = trace.tb_next if trace is not None else None
    try:
        lines = traceback.format_exception(type(error), error, trace)
    except BaseException:  # causes, notes and sub-exceptions may be the user's code too, and raise
        lines = [*traceback.format_tb(trace), f"{type_name(error)}: {message_of(error)}\n"]
    return _sendable("".join(lines), _LONGEST_TRACEBACK)


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
            traceback.clear_frames(known.__traceback__)
            left += (known.__cause__, known.__context__)


def attributes_of(error: BaseException, limit: int) -> bytes:
    """Return the exception's public attributes as a JSON object.

    An attribute is left out when JSON cannot carry it, when there is no memory for it, or when it does not fit into
    what is left of ``limit`` bytes.
    """
    attributes: dict[str, Any] = {}
    room = limit
    for name, value in _public(error).items():
        try:
            size = len(codec.encode({name: value}))
        except (codec.NotEncodable, MemoryError):
            continue
        if size <= room:
            room -= size
            attributes[name] = value
    return codec.encode(attributes)


def _public(error: BaseException) -> dict[str, Any]:
    found: dict[str, Any] = {}
    if isinstance(error, OSError):
        found |= {name: _attribute(error, name) for name in _OPERATING_SYSTEM_ATTRIBUTES}
    if isinstance(error, SystemExit):
        found["code"] = _attribute(error, "code")
    found |= {name: value for name, value in vars(error).items() if not str(name).startswith("_")}
    if notes := _attribute(error, "__notes__"):
        found["notes"] = notes
    return found


def _attribute(error: BaseException, name: str) -> Any:
    try:
        return getattr(error, name, None)
    except BaseException:  # a subclass may have overridden the attribute with a property that raises
        return None


def _sendable(text: str, limit: int) -> str:
    """Return ``text`` as a frame can carry it: lone surrogates are escaped, and the middle of long texts is removed."""
    encoded = text.encode("utf-8", "backslashreplace")
    if len(encoded) > limit:
        encoded = encoded[: limit // 2] + b"\n[...]\n" + encoded[-(limit // 2) :]
    return encoded.decode("utf-8", "ignore")
