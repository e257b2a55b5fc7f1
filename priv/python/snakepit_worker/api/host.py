"""Host tools: functions of the .NET program that a running tool may call."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from .context import Span


class HostToolError(RuntimeError):
    """A host tool has failed, the .NET program has none with the name that was called, or its result cannot be read.

    Attributes:
        tool: The name that was called.
        type: The name of the .NET exception's class; ``ValueError`` for a result that Python cannot read exactly.
        message: The message of the .NET exception, or why the result cannot be read.

    Example::

        try:
            price = ctx.host.call("price_of", article=article)
        except HostToolError as error:
            ctx.log.warning("no price: %s", error.message)
    """

    __module__ = "snakepit_worker"  # error messages show this name, from which users import the class

    def __init__(self, tool: str, type: str, message: str) -> None:
        """Describe the failure that the host reported for the host tool ``tool``."""
        super().__init__(f"host tool {tool[:100]!r} failed with {type}: {message}")
        self.tool = tool
        self.type = type
        self.message = message


class Recorder(Protocol):
    """Records what a tool tells of its work, for a host that wants to know."""

    def span(self, name: str, attributes: dict[str, Any]) -> Span:
        """Return a span that is recorded when it is used in a ``with`` statement."""
        ...

    def measure(self, name: str, value: float, unit: str, attributes: dict[str, Any]) -> None:
        """Record a measurement."""
        ...


class RunningCall(Protocol):
    """What a Context and its Host ask of the running call. The dispatcher provides an object with these methods."""

    @property
    def recorder(self) -> Recorder | None:
        """What records spans and measurements; None if the host wants to know nothing of the call."""
        ...

    def is_cancelled(self) -> bool:
        """Tell whether the host has cancelled the call."""
        ...

    def call_host(self, tool: str, arguments: dict[str, Any]) -> Any:
        """Run a host tool and block this thread until the answer arrives."""
        ...

    async def call_host_async(self, tool: str, arguments: dict[str, Any]) -> Any:
        """Run a host tool and await its answer."""
        ...


class Host:
    """Access to the host tools of the .NET program for a running call. A tool gets this object from ``Context.host``.

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
        """Create the access to host tools for the running call ``call``."""
        self._call = call

    def call(self, tool: str, /, **arguments: Any) -> Any:
        """Run a host tool and return its answer.

        Only tools that are not ``async`` can use this method, and only on the thread that runs the tool. No annotation
        tells what the answer should be, so it is what JSON has, and besides: ``bytes``; a float that may be NaN or
        infinite; a complex number; and an array of numbers. If the program has imported numpy, an array is a read-only
        ``numpy.ndarray``; otherwise it is a list, of lists if it has several dimensions.

        Args:
            tool: The name under which the .NET program offers the host tool.
            arguments: The arguments of the host tool by name. Their values may be what a tool may return.

        Raises:
            HostToolError: The host tool has failed, or there is no host tool with this name.
            TypeError: ``tool`` is not a str, or an argument cannot be sent.
            ValueError: The name or the arguments are too large to send.
            RuntimeError: The call has ended, the thread is not the tool's, or the tool is an ``async def``.
            CallCancelled: The tool's call was cancelled while it waited for the answer.
        """
        return self._call.call_host(tool, arguments)

    async def call_async(self, tool: str, /, **arguments: Any) -> Any:
        """Run a host tool from an ``async def`` tool and await its answer. Several answers may be awaited at once.

        Arguments and errors are those of ``call``, except that a cancellation during the await raises
        asyncio.CancelledError, as in every task that is cancelled.
        """
        return await self._call.call_host_async(tool, arguments)
