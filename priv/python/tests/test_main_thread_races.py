"""Tests thousands of calls on the main thread, which are cancelled at random moments."""

from __future__ import annotations

import mmap
import os
import signal
import time

from snakepit_worker import CallCancelled

from .interrupts_host import CALL_ID, LONG, InterruptsTestCase


class RacingCancellations(InterruptsTestCase):
    _CALLS = 20_000
    _CANCELLED = 200  # the test fails if fewer calls end as cancelled, even on a busy machine

    def test_each_call_returns_or_is_cancelled_and_nothing_else_is_interrupted(self) -> None:
        running = mmap.mmap(-1, CALL_ID.size)  # the id of the call to cancel, shared with the other process
        canceller = os.fork()
        if canceller == 0:
            self._cancel_each_call_once(running)
        call_id = cancelled = 0
        deadline = time.monotonic() + LONG
        try:
            while (call_id < self._CALLS or cancelled < self._CANCELLED) and time.monotonic() < deadline:
                call_id += 1
                running[:] = CALL_ID.pack(call_id)
                try:
                    self.assertEqual(self.interrupts.run(call_id, _short_call, call_id), call_id)
                except CallCancelled:
                    self.assertTrue(self.interrupts.is_cancelled(call_id))
                    cancelled += 1
                self.assertEqual(self.interrupts._armed, 0)
        finally:
            os.kill(canceller, signal.SIGKILL)
            os.waitpid(canceller, 0)
        self.assertGreaterEqual(call_id, self._CALLS)
        self.assertGreaterEqual(cancelled, self._CANCELLED)

    def _cancel_each_call_once(self, running: mmap.mmap) -> None:
        try:
            last, parent = b"", os.getppid()
            while os.getppid() == parent:
                if (call := running[:]) != last:
                    self.host.send(call)
                    last = call
        finally:
            os._exit(0)


def _short_call(value: int) -> int:
    for _ in range(40):
        pass
    return _and_back(value)


def _and_back(value: int) -> int:
    return value
