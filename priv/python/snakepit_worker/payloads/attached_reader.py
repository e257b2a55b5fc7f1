"""Reads JSON that has something attached: an object stands in the value for each digit 0 that marks a place."""

from __future__ import annotations

import json
import math
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any, Literal, NoReturn, Protocol, TypeAlias

from ..memory.views import view_of
from .attached import Attached
from .kinds import BY_NUMBER, BYTES

if TYPE_CHECKING:
    from ..protocol.frames import MemoryRange

# The offset of each place in bytes, and what stands there.
Places: TypeAlias = list[tuple[int, Any]]
_WORDS = (b"NaN", b"Infinity")  # words that JSON does not have, but the decoder in C reads


class NoFreeWord(Exception):
    """The JSON has each of the words itself, perhaps in a text."""


class Received(Protocol):
    """One Attachment of the protocol."""

    @property
    def at(self) -> int:
        """The offset of its place in the JSON."""
        ...

    @property
    def kind(self) -> int:
        """The number of its kind."""
        ...

    @property
    def shape(self) -> Iterable[int]:
        """The length of each dimension."""
        ...

    @property
    def content(self) -> bytes:
        """Its bytes, if they have travelled in the frame."""
        ...

    @property
    def shared(self) -> MemoryRange:
        """Where its bytes are in the host's shared memory, if they are there."""
        ...

    def HasField(self, field_name: Literal["shared"]) -> bool:
        """Tell whether its bytes are in shared memory."""
        ...


def places_of(encoded: bytes, received: Sequence[Received], convert: Callable[[Attached], Any] | None) -> Places:
    """Return what stands at which offset of the JSON. Raises ValueError if that cannot be.

    ``convert`` converts what is attached; None keeps it as it is.
    """
    places: Places = []
    last = -1
    for one in received:
        at = one.at
        if at <= last or encoded[at : at + 1] != b"0":
            raise ValueError(f"the place of an attachment, byte {at:,} of the JSON, has no digit 0 or comes too late")
        found = _attached(one)
        places.append((at, found if convert is None else convert(found)))
        last = at
    return places


def _attached(one: Received) -> Attached:
    kind, shape = BY_NUMBER.get(one.kind), tuple(one.shape)
    content = view_of(one.shared) if one.HasField("shared") else one.content
    if kind is None:
        raise ValueError(f"there is an attachment of the unknown kind {one.kind}")
    count = len(content) if kind is BYTES else math.prod(shape)
    if (shape and kind is BYTES) or count * kind.size != len(content):
        raise ValueError(f"an attachment of {kind.name} with shape {shape} cannot have {len(content):,} bytes")
    return Attached(kind, shape, content)


def read(encoded: bytes, places: Places, refuse: Callable[[str], NoReturn]) -> Any:
    """Return the value, read with the decoder in C. Raises ValueError, RecursionError or NoFreeWord.

    The decoder gets a word at each place that JSON does not have, and asks what it stands for. It asks ``refuse`` for
    other such words.
    """
    word = next((word for word in _WORDS if word not in encoded), None)
    if word is None:
        raise NoFreeWord
    pieces: list[bytes] = []
    start = 0
    for at, _ in places:
        pieces.append(encoded[start:at])
        start = at + 1
    pieces.append(encoded[start:])
    text = word.join(pieces).decode()
    try:
        value, end = _read_with(lambda: _scan(text, 0), _Reading(word.decode(), iter(places), refuse))
        if end == len(text):
            return value
    except StopIteration:
        pass  # the text is not JSON; decode says why
    return _read_with(lambda: _decode(text), _Reading(word.decode(), iter(places), refuse))


class _Reading:
    """What the decoder needs to know while it reads a text."""

    __slots__ = ("left", "refuse", "word")

    def __init__(self, word: str, left: Iterator[tuple[int, Any]], refuse: Callable[[str], NoReturn]) -> None:
        self.word = word
        self.left = left
        self.refuse = refuse


def _read_with(read: Callable[[], Any], reading: _Reading) -> Any:
    _readings.current = reading
    try:
        value = read()
    finally:
        del _readings.current
    if next(reading.left, None) is not None:
        raise ValueError("the place of an attachment is inside a JSON string, where none can stand")
    return value


def _take(constant: str) -> Any:
    reading: _Reading = _readings.current
    return next(reading.left)[1] if constant == reading.word else reading.refuse(constant)


_readings = threading.local()  # of each thread, because one decoder serves all: to make one takes as long as to read
_decoder = json.JSONDecoder(parse_constant=_take)
_decode = _decoder.decode
_scan: Callable[[str, int], tuple[Any, int]] = getattr(_decoder, "scan_once")  # noqa: B009 (see codec.py)


def by_character(encoded: bytes, places: Places) -> dict[int, Any]:
    """Return what stands at which character of the JSON."""
    found: dict[int, Any] = {}
    start = characters = 0
    for at, one in places:
        characters += len(encoded[start:at].decode())
        start = at
        found[characters] = one
    return found
