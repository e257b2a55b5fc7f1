"""A minimal HTTP service in Python without a web framework, to compare the pool with it: no routing, no validation."""

from __future__ import annotations

import json
import time
from collections.abc import Awaitable, Callable
from typing import Any

_HEAD = {"type": "http.response.start", "status": 200, "headers": [(b"content-type", b"application/json")]}


async def app(
    scope: dict[str, Any], receive: Callable[[], Awaitable[Any]], send: Callable[[dict[str, Any]], Awaitable[None]]
) -> None:
    """Answer every HTTP request with what the tool ``ping`` of the showcase adapter returns."""
    if scope["type"] != "http":
        raise NotImplementedError(scope["type"])
    await send(_HEAD)
    await send({"type": "http.response.body", "body": json.dumps({"message": "pong", "time": time.time()}).encode()})
