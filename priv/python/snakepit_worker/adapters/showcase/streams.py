"""Streams: tools that yield their result in chunks."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Any

from snakepit_worker import tool

from .counting import CountingAdapter


class StreamTools(CountingAdapter):
    """Generators, each of which a caller reads as a stream."""

    @tool
    def stream_progress(self, steps: int, delay_ms: float = 0) -> Iterator[dict[str, Any]]:
        """Yield ``steps`` reports of progress, ``delay_ms`` apart."""
        self._calls += 1
        for step in range(1, steps + 1):
            if delay_ms > 0:
                time.sleep(delay_ms / 1000)
            yield {"step": step, "steps": steps, "percent": 100 * step / steps}
