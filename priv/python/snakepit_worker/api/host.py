"""The host's own tools, for a running tool to call."""

from __future__ import annotations

from typing import Any, Protocol


class HostToolError(RuntimeError):
    """A host tool has failed, or does not exist.

    ``tool`` is its name, ``type`` the name of the .NET exception's class, and ``message`` what that exception said.
    """

    __module__ = "snakepit_worker"  # where users import it from, and read it in error messages

    def __init__(self, tool: str, type: str, message: str) -> None:
        """Describe what the host answered instead of a value."""
        super().__init__(f"host tool {tool[:100]!r} failed with {type}: {message}")
        self.tool = tool
        self.type = type
        self.message = message


class RunningCall(Protocol):
    """What a tool's context asks of the dispatcher that runs its call."""

    def is_cancelled(self) -> bool:
        """Tell whether the host has given up the call."""
        ...

    def ask(self, tool: str, arguments: dict[str, Any]) -> Any:
        """Run a tool of the host and wait for its answer on this thread."""
        ...

    async def ask_async(self, tool: str, arguments: dict[str, Any]) -> Any:
        """Run a tool of the host and await its answer."""
        ...


class Host:
    """The .NET side of a running call."""

    __slots__ = ("_call",)

    def __init__(self, call: RunningCall) -> None:
        """Ask in the name of ``call``."""
        self._call = call

    def call(self, tool: str, /, **arguments: Any) -> Any:
        """Run the host's tool of this name and return its answer.

        Raises HostToolError if the tool fails, TypeError or ValueError for arguments that cannot be sent, and
        CallCancelled when this call is cancelled meanwhile. For plain tools and generators; only on the thread that
        runs the tool.
        """
        return self._call.ask(tool, arguments)

    async def call_async(self, tool: str, /, **arguments: Any) -> Any:
        """Do what ``call`` does, for ``async def`` tools; several may be awaited at once."""
        return await self._call.ask_async(tool, arguments)
