"""Tools that take and return bytes, arrays and numbers that JSON does not have."""

from __future__ import annotations

import array
import dataclasses
import datetime
import decimal
import enum
import math
import uuid
from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from snakepit_worker import Context, tool


@dataclasses.dataclass
class Picture:
    label: str
    pixels: np.ndarray
    extra: Any = None


class Color(enum.Enum):
    RED = "red"


def _described(value: Any) -> str:
    if isinstance(value, np.ndarray):
        return f"ndarray {value.dtype} {value.shape} {value.tolist()}"
    if isinstance(value, memoryview):
        return f"memoryview {value.format} {value.shape} {value.tolist()}"
    return f"{type(value).__name__} {value!r}"


@tool
def as_anything(given) -> str:
    return _described(given)


@tool
def as_array(given: np.ndarray) -> str:
    return _described(given)


@tool
def as_floats(given: NDArray[np.float32]) -> str:
    return _described(given)


@tool
def as_bytes(given: bytes) -> str:
    return _described(given)


@tool
def as_view(given: memoryview) -> str:
    return _described(given)


@tool
def as_packed(given: array.array) -> str:
    return _described(given)


@tool
def as_list(given: list[float]) -> str:
    return _described(given)


@tool
def as_float(given: float) -> str:
    return _described(given)


@tool
def as_complex(given: complex) -> str:
    return _described(given)


@tool
def as_text(given: str) -> str:
    return _described(given)


@tool
def as_picture(given: Picture) -> str:
    return f"{given.label} {_described(given.pixels)} {_described(given.extra)}"


@tool
def back(given: np.ndarray) -> np.ndarray:
    return given


@tool
async def back_async(given: np.ndarray) -> np.ndarray:
    return given


@tool
def same(given: Any) -> Any:
    return given


@tool
def spoil(given: np.ndarray) -> None:
    given[0] = 0


@tool
def pages(given: np.ndarray, count: int) -> Iterator[np.ndarray]:
    for page in range(count):
        yield given + page


@tool
def keep(given: np.ndarray, ctx: Context) -> int:
    assert ctx.session is not None
    kept = ctx.session.state.setdefault("kept", [])
    kept.append(given)
    return sum(int(one.sum()) for one in kept)


@tool
def scaled_by_host(given: np.ndarray, ctx: Context) -> np.ndarray:
    answer = ctx.host.call("scale", values=given, by=2.5)
    assert isinstance(answer, np.ndarray), type(answer)
    return answer


@tool
def zeros() -> np.ndarray:
    return np.zeros((1, 2), np.float32)


@tool
def pages_of_zeros() -> Iterator[np.ndarray]:
    yield zeros()
    yield zeros()


@tool
def made(kind: str) -> Any:
    """Return a value of the kind with this name."""
    return _MADE[kind]


_MADE: dict[str, Any] = {
    "bytes": b"\x00\xff",
    "bytearray": bytearray(b"ab"),
    "view": memoryview(b"abcdef")[::2],
    "packed": array.array("h", [1, -2]),
    "transposed": np.arange(6, dtype=np.int32).reshape(2, 3).T,
    "big endian": np.array([1, 256], dtype=">i4"),
    "narrow complex": np.array([1 + 2j], dtype=np.complex64),
    "single": np.array(2.5),
    "infinite": np.array(np.inf),
    "uneven": [[1, 2], [3]],
    "six dimensions": {"data": np.zeros((1, 1, 1, 1, 1, 1))},
    "scalars": [np.float32(0.5), np.int64(7), np.bool_(True)],
    "objects": {"rows": [np.array([object()])]},
    "numbers": [math.nan, math.inf, -math.inf, 1.5],
    "complex": 1 - 2j,
    "nested": {"label": "x", "parts": [{"data": np.array([1.5, 2.5])}, {"data": b"z"}]},
    "dates": [
        datetime.datetime(2026, 1, 2, 3, 4, 5, 600),
        datetime.datetime(2026, 1, 2, tzinfo=datetime.timezone(datetime.timedelta(hours=2))),
    ],
    "utc": datetime.datetime(2026, 1, 2, 3, tzinfo=datetime.UTC),
    "day": datetime.date(2026, 1, 2),
    "time": datetime.time(1, 2, 3),
    "span": datetime.timedelta(days=1, hours=2, microseconds=5),
    "id": uuid.UUID("12345678123456781234567812345678"),
    "decimal": decimal.Decimal("12345678901234567890.10"),
    "color": Color.RED,
    "set": {1},
    "picture": Picture("cat", np.zeros((2, 1), dtype=np.uint8)),
    "mark": {"text": "\x00", "zero": 0, "data": b"0"},
}
