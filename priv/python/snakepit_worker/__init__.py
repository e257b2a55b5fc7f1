"""The Python side of Snakepit: write tools here, call them from .NET.

A tool is a function or an adapter's method marked with ``@tool``. Its arguments arrive by name, its result travels
back as JSON, and a generator becomes a stream.
"""

from .adapter import Adapter
from .cancellation import CallCancelled
from .context import Context
from .host import HostToolError
from .sessions import Session
from .tool import tool

__all__ = ["Adapter", "CallCancelled", "Context", "HostToolError", "Session", "tool"]
