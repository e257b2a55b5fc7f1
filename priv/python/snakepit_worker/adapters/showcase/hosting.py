"""Tools of the showcase that reach the .NET program while they run: its host tools, and its log."""

import time
from typing import Any

from snakepit_worker import Context, tool

from .counting import CountingAdapter

_MOST_STEPS = 1_000


class HostingTools(CountingAdapter):
    """Tools that call host tools and write to the program's log."""

    @tool
    def call_host(self, tool: str, ctx: Context, arguments: dict[str, Any] | None = None) -> Any:
        """Call a host tool of the .NET program and return its answer.

        Raises HostToolError if the host tool fails, or if there is none of this name.
        """
        self._calls += 1
        return ctx.host.call(tool, **(arguments or {}))

    @tool
    def telemetry_demo(self, ctx: Context, steps: int = 3, step_ms: float = 1) -> dict[str, Any]:
        """Log the progress of ``steps`` steps of ``step_ms`` milliseconds each, and return what was logged.

        The result has the ``lines`` in the order of the log, and in ``step_ms`` how many milliseconds each step took.
        Each line arrives in the log of the .NET program while the tool runs, at the level that it has here: the
        begin and the steps as information, and a step that took twice its time or longer as a warning.
        """
        self._calls += 1
        if not 0 <= steps <= _MOST_STEPS:
            raise ValueError(f"a number of steps is 0 to {_MOST_STEPS:,}, not {steps:,}")
        lines = [f"call {ctx.call_id} of worker {ctx.worker} begins {steps} steps"]
        ctx.log.info(lines[0])
        times: list[float] = []
        for step in range(1, steps + 1):
            start = time.perf_counter()
            time.sleep(step_ms / 1000)
            times.append((time.perf_counter() - start) * 1000)
            lines.append(f"call {ctx.call_id}: step {step} of {steps} took {times[-1]:.3f} ms")
            if times[-1] >= 2 * step_ms:
                ctx.log.warning(lines[-1])
            else:
                ctx.log.info(lines[-1])
        return {"lines": lines, "step_ms": times}
