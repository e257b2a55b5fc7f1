"""The showcase: an example adapter whose small tools show what workers can do and how they can fail.

The modules of its tools do not import ``annotations`` from ``__future__``: that would leave annotations as text, which
Python had to compile at each start of a pool, and this takes longer than all else that reading the tools takes.
"""

from __future__ import annotations

from .failures import FailureTools, ShowcaseError
from .hosting import HostingTools
from .resources import ResourceTools
from .sessions import CounterTools
from .streams import StreamTools
from .values import ValueTools

__all__ = ["ShowcaseAdapter", "ShowcaseError"]


class ShowcaseAdapter(ValueTools, FailureTools, ResourceTools, CounterTools, StreamTools, HostingTools):
    """The showcase adapter: all its tools report what they did, so that a caller can check the result."""
