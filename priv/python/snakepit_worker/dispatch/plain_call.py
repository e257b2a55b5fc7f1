"""A plain call beside others: it waits for an executor, or runs on one."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from ..api.session import Session
    from ..protocol.frames import Call, HostFrame


class Executor(Protocol):
    """Runs one plain call at a time."""

    def begin(self, call: PlainCall) -> None:
        """Run ``call`` next; the call before it has been answered."""
        ...

    def deliver(self, frame: HostFrame) -> None:
        """Hand over a frame about the call that runs."""
        ...

    def interrupt(self, call_id: int, wait: bool = True) -> None:
        """Raise CallCancelled in the call if its tool runs; a signal handler must not ``wait``."""
        ...

    def close(self) -> None:
        """End, because the host has gone and no more calls or frames will arrive."""
        ...


class PlainCall:
    """One call of a plain tool, and the executor that runs it, None while it waits for one."""

    def __init__(self, call: Call, session: Session | None, lock: threading.Lock) -> None:
        """Make a call that waits for an executor; ``lock`` is held when it gets one."""
        self.id = call.id
        self.call = call
        self.executor: Executor | None = None
        self.is_cancelled = False
        self._session = session
        self._lock = lock

    def session_of(self, _: Call) -> Session | None:
        """Return the session of this call, as it was when the call arrived."""
        return self._session

    def begin_on(self, executor: Executor) -> None:
        """Run on ``executor``. With the lock held."""
        self.executor = executor
        executor.begin(self)

    def deliver(self, frame: HostFrame) -> None:
        """Hand over a frame about this call."""
        with self._lock:
            if self.executor is not None:
                self.executor.deliver(frame)

    def cancel(self, frame: HostFrame | None = None) -> None:
        """Cancel the call, in whatever state it is; a Cancel ``frame`` wakes it if it waits for frames."""
        with self._lock:
            self.is_cancelled = True
            if self.executor is not None and frame is not None:
                self.executor.deliver(frame)
        if self.executor is not None:
            self.executor.interrupt(self.id)

    def cancel_from_signal(self) -> None:
        """Cancel the call from a signal handler, which must not wait: the code that it interrupts may hold the lock."""
        self.is_cancelled = True
        if self.executor is not None:
            self.executor.interrupt(self.id, wait=False)
