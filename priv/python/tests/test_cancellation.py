"""Interrupts, with a real control socket and real signals."""

from __future__ import annotations

import mmap
import os
import select
import signal
import socket
import struct
import subprocess
import sys
import threading
import time
import unittest
from collections.abc import Callable
from typing import Any

from snakepit_worker import CallCancelled
from snakepit_worker.interrupts.main_thread import MainThreadInterrupts

_ID = struct.Struct("<Q")
_LONG = 30.0  # seconds that no test waits, unless an interrupt is lost


class Host(threading.Thread):
    """Cancels a call as the host does: as soon as it has been told to, and again until the call has ended."""

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
            self._control.send(_ID.pack(self._call_id))
            self._ended.wait(0.02)


class InterruptsTestCase(unittest.TestCase):
    def setUp(self) -> None:
        self.host, control = socket.socketpair()
        previous = signal.getsignal(signal.SIGIO)
        self.addCleanup(signal.signal, signal.SIGIO, previous)
        self.addCleanup(control.close)
        self.addCleanup(self.host.close)
        self.interrupts = MainThreadInterrupts().listen(control)

    def cancel(self, *call_ids: int) -> None:
        self.host.send(b"".join(map(_ID.pack, call_ids)))

    def cancelled_while(self, wait: Callable[[], Any]) -> float:
        """Cancel a call that waits and return the seconds it took to end."""
        with Host(self.host, 1) as host:

            def call() -> None:
                host.begin.set()
                wait()

            start = time.monotonic()
            with self.assertRaises(CallCancelled):
                self.interrupts.run(1, call)
            return time.monotonic() - start


class ARunningCall(InterruptsTestCase):
    def test_a_loop_is_interrupted(self) -> None:
        def loop() -> None:
            while True:
                pass

        self.assertLess(self.cancelled_while(loop), 1)

    def test_a_sleep_is_interrupted(self) -> None:
        self.assertLess(self.cancelled_while(lambda: time.sleep(_LONG)), 1)

    def test_a_wait_for_a_lock_or_an_event_is_interrupted(self) -> None:
        held = threading.Lock()
        held.acquire()
        self.assertLess(self.cancelled_while(held.acquire), 1)
        self.assertLess(self.cancelled_while(threading.Event().wait), 1)

    def test_a_wait_for_a_socket_is_interrupted(self) -> None:
        one, other = socket.socketpair()
        with one, other:
            self.assertLess(self.cancelled_while(lambda: one.recv(1)), 1)
            self.assertLess(self.cancelled_while(lambda: select.select([one], [], [])), 1)

    def test_a_wait_for_a_subprocess_is_interrupted(self) -> None:
        with subprocess.Popen(["sleep", str(_LONG)]) as sleeper:
            try:
                self.assertLess(self.cancelled_while(sleeper.wait), 1)
            finally:
                sleeper.kill()

    def test_a_stream_is_interrupted_inside_its_generator(self) -> None:
        cleaned = []

        def chunks() -> Any:
            try:
                yield 1
                host.begin.set()
                time.sleep(_LONG)
                yield 2
            finally:
                cleaned.append(True)

        generator = chunks()
        with Host(self.host, 1) as host:
            self.assertEqual(self.interrupts.run(1, next, generator), 1)
            with self.assertRaises(CallCancelled):
                self.interrupts.run(1, next, generator)
        self.assertEqual(cleaned, [True])

    def test_a_call_that_ends_returns_what_it_returned_or_raises_what_it_raised(self) -> None:
        names = {"call_id": 1, "function": 2, "self": 3}
        self.assertEqual(self.interrupts.run(1, lambda **given: given, **names), names)
        with self.assertRaises(ZeroDivisionError):
            self.interrupts.run(2, lambda: 1 // 0)


class OtherCalls(InterruptsTestCase):
    def test_a_cancellation_of_an_earlier_call_is_ignored(self) -> None:
        self.assertEqual(self.interrupts.run(1, lambda: "one"), "one")
        self.cancel(1)
        self.assertEqual(self.interrupts.run(2, lambda: (self.cancel(1), "two")[1]), "two")
        self.assertFalse(self.interrupts.is_cancelled(2))

    def test_a_cancellation_between_calls_raises_nothing(self) -> None:
        for _ in range(1000):
            self.cancel(1)

    def test_a_cancellation_that_came_too_early_is_remembered(self) -> None:
        self.cancel(5)
        self.assertTrue(self.interrupts.is_cancelled(5))
        self.assertFalse(self.interrupts.is_cancelled(6))

    def test_a_signal_from_the_time_before_anybody_listens_means_nothing(self) -> None:
        interrupts = MainThreadInterrupts()
        signal.raise_signal(signal.SIGIO)
        self.assertFalse(interrupts.is_cancelled(1))

    def test_a_late_repetition_does_not_hide_a_newer_cancellation(self) -> None:
        self.cancel(5, 4, 5, 4)
        self.assertTrue(self.interrupts.is_cancelled(5))

    def test_an_id_that_arrives_in_pieces_counts_when_it_is_whole(self) -> None:
        encoded = _ID.pack(2**40 + 1)
        self.host.send(encoded[:3])
        self.assertFalse(self.interrupts.is_cancelled(2**40 + 1))
        self.host.send(encoded[3:])
        self.assertTrue(self.interrupts.is_cancelled(2**40 + 1))

    def test_any_number_of_ids_is_read_at_once(self) -> None:
        self.cancel(*range(1, 3000))
        self.assertTrue(self.interrupts.is_cancelled(2999))


class SwallowedCancellations(InterruptsTestCase):
    def test_a_swallowed_one_is_raised_again_when_the_host_repeats_it(self) -> None:
        swallowed = []

        def stubborn() -> None:
            host.begin.set()
            for _ in range(2):
                try:
                    time.sleep(_LONG)
                except BaseException as error:
                    swallowed.append(type(error))
            time.sleep(_LONG)

        with Host(self.host, 1) as host, self.assertRaises(CallCancelled):
            self.interrupts.run(1, stubborn)
        self.assertEqual(swallowed, [CallCancelled, CallCancelled])

    def test_an_except_exception_does_not_swallow_it(self) -> None:
        def careless() -> None:
            host.begin.set()
            while True:
                try:
                    time.sleep(_LONG)
                except Exception:  # what the test is about
                    continue

        with Host(self.host, 1) as host, self.assertRaises(CallCancelled):
            self.interrupts.run(1, careless)

    def test_cleaning_up_is_left_alone(self) -> None:
        done = []

        def clean() -> None:
            time.sleep(0.1)  # several repetitions long
            done.append("cleaned")

        class Resource:
            def __enter__(self) -> None:
                pass

            def __exit__(self, *_: object) -> None:
                clean()

        def with_finally() -> None:
            try:
                host.begin.set()
                time.sleep(_LONG)
            finally:
                clean()

        def with_context_manager() -> None:
            with Resource():
                host.begin.set()
                time.sleep(_LONG)

        def with_another_error_on_the_way() -> None:
            try:
                host.begin.set()
                time.sleep(_LONG)
            except CallCancelled:
                try:
                    raise LookupError
                except LookupError:
                    clean()
                    raise

        for tool in (with_finally, with_context_manager, with_another_error_on_the_way):
            with self.subTest(tool.__name__), Host(self.host, 1) as host:
                done.clear()
                with self.assertRaises((CallCancelled, LookupError)):
                    self.interrupts.run(1, tool)
                self.assertEqual(done, ["cleaned"])


class TheModulesOwnFrames(InterruptsTestCase):
    """What a signal may interrupt at any instruction; here it is made to, by calling its handler with that frame."""

    def setUp(self) -> None:
        super().setUp()
        self.handler: Any = signal.getsignal(signal.SIGIO)
        self.cancel(1)

    def test_the_tool_is_interrupted_but_not_the_frame_that_runs_it(self) -> None:
        def tool() -> None:
            self.handler(signal.SIGIO, sys._getframe(1))
            self.handler(signal.SIGIO, None)
            reached.append(True)
            self.handler(signal.SIGIO, sys._getframe())

        reached: list[bool] = []
        with self.assertRaises(CallCancelled):
            self.interrupts.run(1, tool)
        self.assertEqual(reached, [True])

    def test_a_handler_is_not_interrupted_by_the_next_signal(self) -> None:
        class Control:
            def recv(control, _: int) -> bytes:
                self.interrupts._control = real
                self.handler(signal.SIGIO, sys._getframe(1))
                return b""

        def tool() -> str:
            self.interrupts._control = Control()
            self.handler(signal.SIGIO, sys._getframe(1))
            return "returned"

        real = self.interrupts._control
        self.assertEqual(self.interrupts.run(1, tool), "returned")


class AHostThatIsGone(InterruptsTestCase):
    def test_a_closed_control_channel_disturbs_no_call(self) -> None:
        self.assertEqual(self.interrupts.run(1, lambda: (self.host.close(), time.sleep(0.01), "done")[2]), "done")

    def test_a_broken_control_channel_disturbs_no_call(self) -> None:
        self.interrupts._control.send(b"a report that the host never reads")
        self.assertEqual(self.interrupts.run(1, lambda: (self.host.close(), time.sleep(0.01), "done")[2]), "done")


class RacingCancellations(InterruptsTestCase):
    _CALLS = 20_000
    _CANCELLED = 200  # at least, however busy the machine is

    def test_each_call_returns_or_is_cancelled_and_nothing_else_is_ever_torn(self) -> None:
        running = mmap.mmap(-1, _ID.size)  # shared with the other process: the call to cancel now
        canceller = os.fork()
        if canceller == 0:
            self._cancel_each_call_once(running)
        call_id = cancelled = 0
        deadline = time.monotonic() + _LONG
        try:
            while (call_id < self._CALLS or cancelled < self._CANCELLED) and time.monotonic() < deadline:
                call_id += 1
                running[:] = _ID.pack(call_id)
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
