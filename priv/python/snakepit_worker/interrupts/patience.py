"""How long a cancelled call may take to reach a safe point, before it is interrupted at an arbitrary point."""

from __future__ import annotations

# In seconds. An async tool gets this time to reach an ``await``, and a generator to yield. A process whose code was
# interrupted at an arbitrary point is not used for other calls. So this time is long enough for ordinary code to reach
# a safe point, also on a busy machine. A plain function has no safe points that it must reach, so it gets no time.
PATIENCE = 0.1
