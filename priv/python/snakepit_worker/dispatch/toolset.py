"""Toolset, which holds the tools that a dispatcher serves. The template creates one, and forked workers inherit it."""

from __future__ import annotations

from ..tools.tool import Tool
from .answer_frames import AnswerFrames
from .catalog import Catalog


class Toolset:
    """The tools of a worker, and the object that makes the frames with their results."""

    def __init__(self, tools: list[Tool], max_payload: int) -> None:
        """Serve ``tools``. Results, chunks and arguments of host calls over ``max_payload`` bytes are rejected."""
        self.catalog = Catalog(tools)
        self.answers = AnswerFrames(max_payload)
        self.max_payload = max_payload
