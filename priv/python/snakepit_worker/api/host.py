"""Host tools: functions of the .NET program that a running tool may call."""

from __future__ import annotations

from typing import Any, Protocol


class HostToolError(RuntimeError):
    """A host tool has failed, or there is none of that name.

    Attributes:
        tool: The name that was called.
        type: The name of the .NET exception's class.
        message: The message of the .NET exception.

    Example::

        try:
            price = ctx.host.call("price_of", article=article)
        except HostToolError as error:
            ctx.log.warning("no price: %s", error.message)
    """

    __module__ = "snakepit_worker"  # the name that error messages show is the one that users import

    def __init__(self, tool: str, type: str, message: str) -> None:
        """Describe what the host answered instead of a value."""
        super().__init__(f"host tool {tool[:100]!r} failed with {type}: {message}")
        self.tool = tool
        self.type = type
        self.message = message


class RunningCall(Protocol):
    """What a tool's context needs of the dispatcher that runs its call."""

    def is_cancelled(self) -> bool:
        """Tell whether the host has given up the call."""
        ...

    def call_host(self, tool: str, arguments: dict[str, Any]) -> Any:
        """Run a tool of the host and wait for its answer on this thread."""
        ...

    async def call_host_async(self, tool: str, arguments: dict[str, Any]) -> Any:
        """Run a tool of the host and await its answer."""
        ...


class Host:
    """The .NET side of a running call. A tool finds it in ``Context.host``.

    Example::

        @tool
        def total(articles: list[str], ctx: Context) -> float:
            return sum(ctx.host.call("price_of", article=article) for article in articles)

        @tool
        async def total_async(articles: list[str], ctx: Context) -> float:
            prices = (ctx.host.call_async("price_of", article=article) for article in articles)
            return sum(await asyncio.gather(*prices))
    """

    __slots__ = ("_call",)

    def __init__(self, call: RunningCall) -> None:
        """Call host tools on behalf of ``call``."""
        self._call = call

    def call(self, tool: str, /, **arguments: Any) -> Any:
        """Run a host tool and return its answer; for plain tools and generators, on the thread that runs the tool.

        Args:
            tool: The name under which the .NET program offers the host tool.
            arguments: Its arguments by name, of values that JSON can carry.

        Raises:
            HostToolError: The host tool has failed, or there is none of that name.
            TypeError: ``tool`` is no str, or JSON cannot carry an argument.
            ValueError: The name or the arguments are too large to send.
            RuntimeError: The call has ended, this is another thread, or this is an ``async def`` tool.
            CallCancelled: The tool's call was cancelled while it waited for the answer.
        """
        return self._call.call_host(tool, arguments)

    async def call_async(self, tool: str, /, **arguments: Any) -> Any:
        """Run a host tool and await its answer; for ``async def`` tools. Several may be awaited at once.

        Arguments and errors are those of ``call``, except that a cancellation during the await raises
        asyncio.CancelledError, as in every task that is cancelled.
        """
        return await self._call.call_host_async(tool, arguments)
