"""Tools of the showcase that yield their result in chunks, as a stream."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Any

from snakepit_worker import tool

from .counting import CountingAdapter


class StreamTools(CountingAdapter):
    """Tools that are generators, so that a caller reads their results as a stream."""

    @tool
    def stream_progress(self, steps: int, delay_ms: float = 0) -> Iterator[dict[str, Any]]:
        """Yield ``steps`` progress reports, with a pause of ``delay_ms`` milliseconds between them."""
        self._calls += 1
        for step in range(1, steps + 1):
            if delay_ms > 0:
                time.sleep(delay_ms / 1000)
            yield {"step": step, "steps": steps, "percent": 100 * step / steps}
