"""What all dispatchers of a worker share. The template makes it once, and forked workers inherit it."""

from __future__ import annotations

from ..tools.tool import Tool
from .answer_frames import AnswerFrames
from .catalog import Catalog


class Toolset:
    """The tools of a worker, and what makes frames of their results."""

    def __init__(self, tools: list[Tool], max_payload: int) -> None:
        """Serve ``tools``; a result, a chunk, or a host call's arguments over ``max_payload`` bytes are refused."""
        self.catalog = Catalog(tools)
        self.answers = AnswerFrames(max_payload)
        self.max_payload = max_payload
