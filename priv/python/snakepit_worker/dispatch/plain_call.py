"""A plain call (a call of a synchronous tool) beside other calls: it waits for an executor, or runs on one."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from ..api.session import Session
    from ..protocol.frames import Call, HostFrame


class Executor(Protocol):
    """Runs one call of a plain (synchronous) tool at a time."""

    def begin(self, call: PlainCall) -> None:
        """Run ``call``. The previous call of this executor has been answered."""
        ...

    def deliver(self, frame: HostFrame) -> None:
        """Pass on a frame about the running call."""
        ...

    def needs_interruption(self, call_id: int) -> bool:
        """Tell whether the tool of this cancelled call runs, so that only an interruption can end the call."""
        ...

    def cancel(self, call_id: int) -> None:
        """Record that the call is cancelled, so that it ends at its next safe point."""
        ...

    def interrupt(self, call_id: int) -> None:
        """Record that the call is cancelled, and interrupt its tool if the tool runs. Signal handlers call this too."""
        ...

    def close(self) -> None:
        """End the executor, because the host has gone and no more calls or frames will arrive."""
        ...


class PlainCall:
    """One call of a plain (synchronous) tool. Its ``executor`` is None while the call waits for one."""

    def __init__(self, call: Call, session: Session | None, lock: threading.Lock) -> None:
        """Create a call that waits for an executor; ``lock`` protects the assignment of the executor."""
        self.id = call.id
        self.call = call
        self.executor: Executor | None = None
        self.is_cancelled = False
        self._session = session
        self._lock = lock

    def session_of(self, _: Call) -> Session | None:
        """Return the session of this call, which was looked up when the call arrived."""
        return self._session

    def begin_on(self, executor: Executor) -> None:
        """Run this call on ``executor``. The caller holds the lock."""
        self.executor = executor
        executor.begin(self)

    def deliver(self, frame: HostFrame) -> None:
        """Pass a frame about this call to its executor."""
        with self._lock:
            if self.executor is not None:
                self.executor.deliver(frame)

    def cancel(self, frame: HostFrame) -> None:
        """Cancel the call, which ends at its next safe point. The Cancel ``frame`` wakes a call that waits for one."""
        with self._lock:
            self.is_cancelled = True
            if self.executor is not None:
                self.executor.cancel(self.id)
                self.executor.deliver(frame)

    def needs_interruption(self) -> bool:
        """Tell whether the tool of the cancelled call runs, so that only an interruption can end the call."""
        return self.executor is not None and self.executor.needs_interruption(self.id)

    def interrupt(self) -> None:
        """Cancel the call, and interrupt its tool if the tool runs.

        A signal handler may call this method, which takes no lock: the code that the handler interrupts may hold it.
        """
        self.is_cancelled = True
        if self.executor is not None:
            self.executor.interrupt(self.id)
