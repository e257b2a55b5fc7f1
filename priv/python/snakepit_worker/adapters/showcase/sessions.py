"""Tools of the showcase that keep state in a session, and must not lose it."""

from typing import Any

from snakepit_worker import Context, tool

from .counting import CountingAdapter

_KEY = "counter"


def state_of(ctx: Context) -> dict[str, Any]:
    """Return the state of the call's session.

    Raises:
        ValueError: The call belongs to no session, or runs in another worker than the session's home. There the state
            is empty and is dropped after the call, so a tool that used it would answer wrongly.
    """
    session = ctx.session
    if session is None:
        raise ValueError("this tool keeps its state in a session: open one with OpenSession, and call the tool on it")
    if not session.is_home:
        raise ValueError(
            f"worker {ctx.worker} does not keep the state of the session {session.key!r}: open the session with "
            "AffinityMode.Wait, so that its calls wait for the worker that does"
        )
    return session.state


class CounterTools(CountingAdapter):
    """Tools that share one counter for each session. It begins at 0, and is an integer of any size.

    They raise ValueError for a call without a session, and for one that runs outside of the session's home worker.
    """

    @tool
    def set_counter(self, value: int, ctx: Context) -> int:
        """Set the session's counter to ``value``, and return it."""
        self._calls += 1
        state_of(ctx)[_KEY] = value
        return value

    @tool
    def get_counter(self, ctx: Context) -> int:
        """Return the session's counter."""
        self._calls += 1
        return state_of(ctx).get(_KEY, 0)

    @tool
    def increment_counter(self, ctx: Context, by: int = 1) -> int:
        """Add ``by`` to the session's counter, and return the sum."""
        self._calls += 1
        state = state_of(ctx)
        state[_KEY] = state.get(_KEY, 0) + by
        return state[_KEY]
