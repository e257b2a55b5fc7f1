"""The Python side of Snakepit: write tools here, call them from .NET.

A tool is a function or an adapter's method marked with ``@tool``. Its arguments arrive by name, its result travels
back as JSON, and a generator becomes a stream.
"""

from .api.adapter import Adapter
from .api.cancelled import CallCancelled
from .api.context import Context
from .api.host import HostToolError
from .api.session import Session
from .api.tool import tool

__all__ = ["Adapter", "CallCancelled", "Context", "HostToolError", "Session", "tool"]
