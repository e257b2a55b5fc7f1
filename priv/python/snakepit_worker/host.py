"""Host tools: functions of the .NET program that a running tool may call."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

from . import payload


class HostToolError(RuntimeError):
    """A host tool has thrown, or does not exist."""

    def __init__(self, tool: str, type: str, message: str) -> None:
        """Tell which ``tool`` it was, the ``type`` of the .NET exception and its message."""
        super().__init__(f"host tool {tool!r}: {message} ({type})")
        self.tool = tool
        self.type = type


class Host:
    """The .NET program behind a call."""

    __slots__ = ("_ask", "_ask_async", "_max_payload")

    def __init__(
        self,
        ask: Callable[[str, bytes], Any],
        ask_async: Callable[[str, bytes], Awaitable[Any]],
        max_payload: int,
    ) -> None:
        """Ask by ``ask(tool, arguments)`` or ``ask_async``, both of which return the answer frame."""
        self._ask = ask
        self._ask_async = ask_async
        self._max_payload = max_payload

    def call(self, tool: str, /, **arguments: Any) -> Any:
        """Call a host tool and return its result.

        Raises HostToolError for what the host tool throws, ValueError for arguments that cannot be sent, CallCancelled
        when the call that asks is cancelled, and RuntimeError where waiting is not possible.
        """
        return _value(tool, self._ask(tool, self._encode(tool, arguments)))

    async def call_async(self, tool: str, /, **arguments: Any) -> Any:
        """Do the same from an ``async def`` tool, while others go on; cancelling the task takes the question back."""
        return _value(tool, await self._ask_async(tool, self._encode(tool, arguments)))

    def _encode(self, tool: str, arguments: dict[str, Any]) -> bytes:
        try:
            encoded = payload.encode(arguments)
        except payload.NotEncodable as error:
            raise ValueError(f"host tool {tool!r}: {error}") from error
        if len(encoded) > self._max_payload:
            size = f"{len(encoded):,} bytes of arguments are over the limit of {self._max_payload:,}"
            raise ValueError(f"host tool {tool!r}: {size}")
        return encoded


def _value(tool: str, answer: Any) -> Any:
    if answer.HasField("error"):
        raise HostToolError(tool, answer.error.type, answer.error.message)
    return payload.decode(answer.value)
