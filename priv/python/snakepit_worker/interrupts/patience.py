"""How long a cancelled call may take to reach a safe point, before it is interrupted at an arbitrary point."""

from __future__ import annotations

from time import monotonic  # as it is before an adapter can replace it

# The host repeats a cancellation every 20 ms. After so many repetitions, the patience with a cancelled call is over.
_REPETITIONS = 5
# Repetitions in a shorter time than this, in seconds, count once. They are read one after another when this process has
# not been running for some time, and then the call has not been running either.
_APART = 0.015


class Patience:
    """Gives a cancelled call about 100 ms to reach a safe point: an async tool an ``await``, a generator a ``yield``.

    A process whose code was interrupted at an arbitrary point is not used for other calls. So the time is long enough
    for ordinary code to reach a safe point, also on a busy machine: it is counted in repetitions of the cancellation
    that have reached the process.
    """

    def __init__(self) -> None:
        """Begin with the first repetition."""
        self._left = _REPETITIONS
        self._last = 0.0

    def is_over(self) -> bool:
        """Count one repetition of the cancellation, and tell whether the call has had its time."""
        now = monotonic()
        if self._left > 0 and now - self._last >= _APART:
            self._last = now
            self._left -= 1
        return self._left == 0
