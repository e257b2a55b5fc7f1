"""Interrupts, with a real socket and real signals."""

from __future__ import annotations

import os
import socket
import struct
import threading
import time
import unittest
from collections.abc import Callable

from snakepit_worker.cancellation import CallCancelled, Interrupts


class InterruptsTest(unittest.TestCase):
    """A cancellation ends the call that it names, and no other."""

    def setUp(self) -> None:
        self.host, control = socket.socketpair()
        self.addCleanup(self.host.close)
        self.addCleanup(control.close)
        self.interrupts = Interrupts(control)

    def cancel(self, call: int) -> None:
        self.host.sendall(struct.pack("<Q", call))

    def cancel_later(self, call: int, times: int = 1) -> None:
        def repeat() -> None:
            for _ in range(times):
                time.sleep(0.02)
                self.cancel(call)

        thread = threading.Thread(target=repeat)
        thread.start()
        self.addCleanup(thread.join)

    def assert_interrupted(self, blocking: Callable[[], object]) -> None:
        self.cancel_later(1)
        start = time.monotonic()
        with self.assertRaises(CallCancelled):
            self.interrupts.run(1, blocking)
        self.assertLess(time.monotonic() - start, 2)

    def test_a_sleep_a_lock_a_loop_and_a_read_are_interrupted(self) -> None:
        reading, writing = os.pipe()
        self.addCleanup(os.close, reading)
        self.addCleanup(os.close, writing)
        lock = threading.Lock()
        lock.acquire()

        def loop() -> None:
            while True:
                pass

        def sleep() -> None:
            time.sleep(30)

        def wait() -> None:
            lock.acquire()

        def read() -> None:
            os.read(reading, 1)

        for blocking in (sleep, wait, loop, read):
            with self.subTest(blocking.__name__):
                self.setUp()
                self.assert_interrupted(blocking)

    def test_the_cancellation_of_an_earlier_call_means_nothing(self) -> None:
        self.cancel(1)
        self.assertEqual("done", self.interrupts.run(2, lambda: time.sleep(0.05) or "done"))

    def test_one_that_came_before_its_call_is_remembered(self) -> None:
        self.cancel(3)
        deadline = time.monotonic() + 2
        while not self.interrupts.is_cancelled(3) and time.monotonic() < deadline:
            time.sleep(0.001)
        self.assertTrue(self.interrupts.is_cancelled(3))
        self.assertFalse(self.interrupts.is_cancelled(4))

    def test_one_that_was_swallowed_comes_again(self) -> None:
        swallowed = []

        def stubborn() -> None:
            try:
                time.sleep(30)
            except BaseException as error:
                swallowed.append(type(error))
            time.sleep(30)

        self.cancel_later(1, times=3)
        with self.assertRaises(CallCancelled):
            self.interrupts.run(1, stubborn)
        self.assertEqual([CallCancelled], swallowed)

    def test_a_repetition_leaves_the_cleanup_alone(self) -> None:
        cleaned = []

        def careful() -> None:
            try:
                time.sleep(30)
            finally:
                time.sleep(0.2)
                cleaned.append(True)

        self.cancel_later(1, times=5)
        with self.assertRaises(CallCancelled):
            self.interrupts.run(1, careful)
        self.assertEqual([True], cleaned)

    def test_thousands_of_racing_cancellations_end_each_call_once_and_tear_nothing(self) -> None:
        calls = 5000
        stop = threading.Event()
        current = 0

        def bombard() -> None:
            while not stop.is_set():
                self.cancel(current)

        def work() -> int:
            return sum(range(50))

        thread = threading.Thread(target=bombard)
        thread.start()
        ended = 0
        try:
            for current in range(1, calls + 1):  # the thread reads it
                try:
                    self.assertEqual(1225, self.interrupts.run(current, work))
                except CallCancelled:
                    pass
                ended += 1
        finally:
            stop.set()
            thread.join()
        self.assertEqual(calls, ended)
