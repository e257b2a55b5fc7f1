"""The showcase: one tool for each thing that a worker can do, or have done to it. Each theme has a module."""

from __future__ import annotations

from .failures import FailureTools, ShowcaseError
from .resources import ResourceTools
from .streams import StreamTools
from .values import ValueTools

__all__ = ["ShowcaseAdapter", "ShowcaseError"]


class ShowcaseAdapter(ValueTools, FailureTools, ResourceTools, StreamTools):
    """Small tools that return what they did, so that a caller can check it."""
