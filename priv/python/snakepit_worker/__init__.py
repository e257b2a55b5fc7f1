"""The Python side of Snakepit: write tools in Python and call them from .NET.

A tool is a function, or a method of an adapter, that is marked with ``@tool``. Its arguments arrive by name, its
result travels back as JSON, and a generator becomes a stream::

    from snakepit_worker import tool

    @tool
    def add(a: float, b: float) -> float:
        return a + b
"""

from . import bundle

bundle.use()

from .api.adapter import Adapter  # noqa: E402
from .api.cancelled import CallCancelled  # noqa: E402
from .api.context import Context, Span  # noqa: E402
from .api.host import Host, HostToolError  # noqa: E402
from .api.session import Session  # noqa: E402
from .api.tool import tool  # noqa: E402

__all__ = ["Adapter", "CallCancelled", "Context", "Host", "HostToolError", "Session", "Span", "tool"]
