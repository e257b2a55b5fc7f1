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

    def interrupt(self, call_id: int, wait: bool = True) -> None:
        """Record that the call is cancelled, so that its tool is interrupted if the tool is running.

        A signal handler must set ``wait`` to False: then the method waits for no lock.
        """
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

    def cancel(self, frame: HostFrame | None = None) -> None:
        """Cancel the call, whether it waits or runs. A Cancel ``frame`` wakes a call that waits for a frame."""
        with self._lock:
            self.is_cancelled = True
            if self.executor is not None and frame is not None:
                self.executor.deliver(frame)
        if self.executor is not None:
            self.executor.interrupt(self.id)

    def cancel_from_signal(self) -> None:
        """Cancel the call from a signal handler, which takes no lock: the code that it interrupts may hold the lock."""
        self.is_cancelled = True
        if self.executor is not None:
            self.executor.interrupt(self.id, wait=False)
