"""Makes the event loops of gevent and eventlet, which they call hubs, work in a forked process."""

from __future__ import annotations

import sys
from typing import Any


def renew_hubs() -> None:
    """Let the hub of this process watch files of its own, in place of those that it shares with the template."""
    gevent: Any = sys.modules.get("gevent")
    if hasattr(gevent, "reinit"):
        gevent.reinit()
    hubs: Any = sys.modules.get("eventlet.hubs")
    if hasattr(hubs, "use_hub"):
        hubs.use_hub()
