"""A tool of the showcase that sends values of the types that JSON lacks or changes, and tells if they came back."""

from __future__ import annotations

import datetime
import enum
import uuid
from array import array
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any, TypeAlias, TypedDict

from snakepit_worker import tool

from .counting import CountingAdapter
from .numeric import Array, numpy

if TYPE_CHECKING:
    Integers: TypeAlias = array[int]
else:
    Integers = array  # which takes the type of its items from Python 3.12 on only


class Level(enum.Enum):
    """An enum, of which the values travel."""

    LOW = "low"
    HIGH = "high"


@dataclass
class Place:
    """A dataclass, which travels as an object of its fields."""

    x: int
    y: float


class Awkward(TypedDict):
    """One value of each type that needs care on its way."""

    nothing: None
    truth: bool
    large: int
    larger: int
    whole: float
    zero: float
    least: float
    nan: float
    infinite: float
    turned: complex
    text: str
    content: bytes
    view: memoryview
    numbers: Integers
    grid: Array
    halves: Array
    counts: Array
    flags: Array
    waves: Array
    price: Decimal
    moment: datetime.datetime
    day: datetime.date
    time: datetime.time
    duration: datetime.timedelta
    id: uuid.UUID
    level: Level
    place: Place
    pair: tuple[int, str]
    names: set[str]
    squares: dict[int, int]


class Exchange(TypedDict):
    """Values to send back, and the names of those that the caller has sent otherwise than they are here."""

    values: Awkward
    changed: list[str]


class SerializationTools(CountingAdapter):
    """Tools that show what can be sent."""

    @tool
    def serialization_demo(self, values: Awkward | None = None) -> Exchange:
        """Return one value of every awkward type, and tell which of ``values`` differ from these in type or content.

        A caller that sends back what it has got finds out whether anything was changed on either way: floats count as
        changed if a bit is, decimals if a digit is, and arrays also if their element type or their shape is.
        """
        self._calls += 1
        expected = _values()
        given: Any = values
        changed = [] if given is None else [name for name, value in expected.items() if not _same(value, given[name])]
        return {"values": expected, "changed": changed}


def _values() -> Awkward:
    np = numpy()
    return {
        "nothing": None,
        "truth": True,
        "large": 2**60 + 1,
        "larger": -(10**40) - 1,
        "whole": 5.0,
        "zero": -0.0,
        "least": 5e-324,
        "nan": float("nan"),
        "infinite": float("-inf"),
        "turned": complex(1, -0.0),
        "text": 'na\u00efve \u6f22\u5b57 \U0001f40d e\u0301 \0 \u2028 "\\',
        "content": bytes(range(256)),
        "view": memoryview(array("i", [-(2**31), 2**31 - 1])),
        "numbers": array("h", [-(2**15), 2**15 - 1]),
        "grid": np.array([[0.1, -0.0, np.inf], [1e-45, 3e38, np.nan]], np.float32),
        "halves": np.array([65504, 6e-8], np.float16),
        "counts": np.array([2**64 - 1], np.uint64),
        "flags": np.array([True, False]),
        "waves": np.array([1 - 2j, complex(-0.0, np.inf)]),
        "price": Decimal("1234567890.10"),
        "moment": datetime.datetime(2024, 2, 29, 23, 59, 59, 999_999, datetime.UTC),
        "day": datetime.date(1, 1, 1),
        "time": datetime.time(0, 0, 0, 1),
        "duration": datetime.timedelta(days=-1, microseconds=1),
        "id": uuid.UUID("00112233-4455-6677-8899-aabbccddeeff"),
        "level": Level.HIGH,
        "place": Place(-1, 0.1),
        "pair": (2**53 + 1, ""),
        "names": {"", "a", "A"},
        "squares": {-1: 1, 2**31: 2**62},
    }


def _same(one: Any, other: Any) -> bool:
    return type(one) is type(other) and (one == other if isinstance(one, set) else _content(one) == _content(other))


def _content(value: Any) -> Any:
    """Return what tells a value from all others of its type."""
    if isinstance(value, numpy().ndarray):
        return value.dtype, value.shape, value.tobytes()
    if isinstance(value, memoryview):
        return value.format, value.shape, value.tobytes()
    return repr(value)  # unlike ==, it tells -0.0 from 0.0, and 1.10 from 1.1
