"""The showcase: an example adapter whose small tools show what workers can do and how they can fail."""

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
