"""A host for tests: a thread that cancels calls on a control socket while the main thread runs the calls."""

from __future__ import annotations

import signal
import socket
import struct
import threading
import time
import unittest
from collections.abc import Callable
from typing import Any

from snakepit_worker import CallCancelled
from snakepit_worker.interrupts.main_thread import MainThreadInterrupts

CALL_ID = struct.Struct("<Q")
LONG = 30.0  # seconds; a test waits this long only if an interrupt is lost


class Host(threading.Thread):
    """Cancels one call repeatedly, like the real host, from when ``begin`` is set until the ``with`` block ends."""

    def __init__(self, control: socket.socket, call_id: int) -> None:
        super().__init__(daemon=True)
        self._control = control
        self._call_id = call_id
        self.begin = threading.Event()
        self._ended = threading.Event()

    def __enter__(self) -> Host:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._ended.set()
        self.begin.set()
        self.join()

    def run(self) -> None:
        self.begin.wait()
        while not self._ended.is_set():
            self._control.send(CALL_ID.pack(self._call_id))
            self._ended.wait(0.02)


class InterruptsTestCase(unittest.TestCase):
    def setUp(self) -> None:
        self.host, self.control = socket.socketpair()
        previous = signal.getsignal(signal.SIGIO)
        self.addCleanup(signal.signal, signal.SIGIO, previous)
        self.addCleanup(self.control.close)
        self.addCleanup(self.host.close)
        self.interrupts = MainThreadInterrupts().listen(self.control)

    def cancel(self, *call_ids: int) -> None:
        self.host.send(b"".join(map(CALL_ID.pack, call_ids)))

    def cancelled_while(self, wait: Callable[[], Any]) -> float:
        """Cancel a call while it runs ``wait``, and return how many seconds the call took to end."""
        with Host(self.host, 1) as host:

            def call() -> None:
                host.begin.set()
                wait()

            start = time.monotonic()
            with self.assertRaises(CallCancelled):
                self.interrupts.run(1, call)
            return time.monotonic() - start
