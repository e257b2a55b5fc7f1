"""Makes what records a call, if the host wants to know more of it than its result."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from .reports import report

if TYPE_CHECKING:
    from ..protocol.frames import Call
    from ..telemetry.recorder import Recorder

# Not empty if also tools that take no context may tell of their work, through the API of OpenTelemetry.
every_call: list[bool] = []

_reported: list[bool] = []


def recorder_of(call: Call) -> Recorder | None:
    """Return what records ``call``; None if the host wants to know nothing more of it.

    What is needed for that is imported at the first such call, because most workers never get one. The call goes on
    without it if nothing can be imported any more, for example because the files of the package were replaced.
    """
    if not call.HasField("observation"):
        return None
    try:
        from ..telemetry.recorder import Recorder
    except Exception:  # whatever a finder of the adapter's raises
        if not _reported:
            _reported.append(True)
            report(logging.WARNING, "what tools tell of their work cannot be recorded")
        return None
    return Recorder(call.observation)
