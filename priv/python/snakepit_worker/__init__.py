"""The Python side of Snakepit: write tools in Python and call them from .NET.

A tool is a function, or a method of an adapter, that is marked with ``@tool``. Its arguments arrive by name, its
result travels back as JSON, and a generator becomes a stream::

    from snakepit_worker import tool

    @tool
    def add(a: float, b: float) -> float:
        return a + b
"""

from .api.adapter import Adapter
from .api.cancelled import CallCancelled
from .api.context import Context
from .api.host import Host, HostToolError
from .api.session import Session
from .api.tool import tool

__all__ = ["Adapter", "CallCancelled", "Context", "Host", "HostToolError", "Session", "tool"]
