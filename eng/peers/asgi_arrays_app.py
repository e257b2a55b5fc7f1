"""A minimal HTTP service that returns the bytes it gets, to compare how the pool sends arrays with it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

_HEAD = {"type": "http.response.start", "status": 200, "headers": [(b"content-type", b"application/octet-stream")]}


async def app(
    scope: dict[str, Any], receive: Callable[[], Awaitable[Any]], send: Callable[[dict[str, Any]], Awaitable[None]]
) -> None:
    """Answer every HTTP request with its own body."""
    if scope["type"] != "http":
        raise NotImplementedError(scope["type"])
    parts: list[bytes] = []
    has_more = True
    while has_more:
        message = await receive()
        parts.append(message.get("body", b""))
        has_more = message.get("more_body", False)
    await send(_HEAD)
    await send({"type": "http.response.body", "body": b"".join(parts)})
