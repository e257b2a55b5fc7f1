"""Tools whose objects, classes and exceptions raise when anything but the tool itself looks at them."""

from __future__ import annotations

import enum
import logging
import os
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Literal, NoReturn

from snakepit_worker import tool

_KINDS: dict[str, type[BaseException]] = {
    "ValueError": ValueError,
    "KeyboardInterrupt": KeyboardInterrupt,
    "SystemExit": SystemExit,
    "GeneratorExit": GeneratorExit,
    "RecursionError": RecursionError,
}


def _raise(*_: Any) -> NoReturn:
    raise _KINDS[os.environ.get("RAISED", "ValueError")]("not \ud83d today")


class Unreadable:
    __repr__ = __str__ = __eq__ = __bool__ = __iter__ = __len__ = __getattr__ = _raise  # type: ignore[assignment]

    def __hash__(self) -> int:
        return 1


class UnreadableDict(dict):  # type: ignore[type-arg]
    items = keys = values = __iter__ = __len__ = __repr__ = _raise  # type: ignore[assignment]


class UnreadableInt(int):
    __repr__ = __str__ = __eq__ = _raise  # type: ignore[assignment]
    __hash__ = int.__hash__


class Meta(type):
    __name__ = property(_raise)  # type: ignore[assignment]
    __module__ = property(_raise)  # type: ignore[assignment]
    __repr__ = __eq__ = _raise  # type: ignore[assignment]
    __hash__ = type.__hash__


class Nameless(metaclass=Meta):
    pass


class NamelessError(Exception, metaclass=Meta):
    __str__ = __repr__ = _raise  # type: ignore[assignment]


class UnreadableError(Exception):
    __str__ = __repr__ = _raise  # type: ignore[assignment]
    __class__ = __dict__ = __notes__ = __cause__ = __context__ = property(_raise)  # type: ignore[assignment]
    __traceback__ = __suppress_context__ = property(_raise)  # type: ignore[assignment]


class Stubborn(str):
    encode = __len__ = __getitem__ = __str__ = __format__ = _raise  # type: ignore[assignment]


class Wordy(Exception):
    def __str__(self) -> str:
        return Stubborn("a text of a class of its own")


class Level(enum.Enum):
    LOW = 1

    @classmethod
    def _missing_(cls, value: object) -> Any:
        _raise()


@dataclass
class Checked:
    size: int

    def __post_init__(self) -> None:
        if self.size < 0:
            _raise()


class Incomparable:
    __eq__ = __repr__ = _raise  # type: ignore[assignment]
    __hash__ = object.__hash__


class Odd(enum.Enum):
    VALUE = Incomparable()


@tool
def pid() -> int:
    return os.getpid()


@tool
def with_default(count: int, given: Any = Unreadable()) -> str:  # noqa: B008
    return type(given).__name__


@tool
def with_dict_default(count: int, given: Any = UnreadableDict(a=1)) -> str:  # noqa: B008
    return type(given).__name__


@tool
def with_nameless_default(count: int, given: Any = Nameless()) -> str:  # noqa: B008
    return "a default"


@tool
def with_large_default(count: int, given: Any = "x" * 1_000_000) -> str:
    return type(given).__name__


@tool
def with_level(count: int, level: Level = Level.LOW) -> str:
    return level.name


@tool
def with_checked(count: int, given: Checked) -> int:
    return given.size


@dataclass(eq=False)
class Keyed:
    size: int

    def __hash__(self) -> int:
        return _raise() if self.size < 0 else 1

    __eq__ = _raise  # type: ignore[assignment]


class Side(enum.Enum):
    LEFT = 1
    __hash__ = _raise


@tool
def with_set(given: list[set[Keyed]]) -> int:
    return len(given)


@tool
def with_set_in_stream(given: list[set[Keyed]]) -> Iterator[int]:
    yield len(given)


@tool
def with_keys(given: dict[Side, int]) -> int:
    return len(given)


@tool
def with_literal(count: int, given: Literal[Odd.VALUE, "plain"]) -> str:
    return "plain" if given == "plain" else "odd"


@tool(description="A description with half of a \ud83d")
def described() -> None:
    pass


def _cause() -> Exception:
    error = ValueError("caused")
    error.__cause__ = UnreadableError()
    return error


def _attributes() -> Exception:
    error = ValueError("with attributes")
    vars(error).update(one=Unreadable(), two=UnreadableDict(a=1), three=UnreadableInt(3), four=4)
    vars(error)[Stubborn("five")] = 5  # type: ignore[index]
    return error


_ERRORS: dict[str, Any] = {
    "text": UnreadableError,
    "class": NamelessError,
    "words": Wordy,
    "cause": _cause,
    "attributes": _attributes,
    "group": lambda: ExceptionGroup("group", [UnreadableError(), NamelessError()]),
    "long": lambda: ValueError("x" * 50_000_000),
    "surrogate": lambda: type("Half", (Exception,), {"__module__": 5, "__qualname__": "Half\ud83d"})("half \ud83d"),
    "keyboard": lambda: KeyboardInterrupt(Unreadable()),
}


@tool
def raises(kind: str) -> NoReturn:
    raise _ERRORS[kind]()


@tool
def raises_in_stream(kind: str) -> Iterator[int]:
    yield 1
    raise _ERRORS[kind]()


_VALUES: dict[str, Any] = {
    "object": Unreadable(),
    "dict": UnreadableDict(a=1),
    "inside": [{"a": UnreadableDict(a=1)}],
    "class": Nameless(),
    "key": {UnreadableInt(1): 1, "1": 2},
}


@tool
def returns(kind: str) -> Any:
    return _VALUES[kind]


@tool
def yields(kind: str) -> Iterator[Any]:
    yield 1
    yield _VALUES[kind]


class _Raising(logging.Handler):
    def handle(self, record: logging.LogRecord) -> NoReturn:
        _raise()


@tool
def close_badly() -> Iterator[int]:
    """Raise while the generator is closed, when also nothing can be logged any more."""
    logging.getLogger("snakepit.worker").addHandler(_Raising())
    try:
        yield from range(1_000_000)
    finally:
        _raise()
