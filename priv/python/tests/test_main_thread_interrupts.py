"""Tests that a cancellation interrupts the tool of the cancelled call on the main thread, and nothing else."""

from __future__ import annotations

import select
import signal
import socket
import subprocess
import threading
import time
from typing import Any

from snakepit_worker import CallCancelled
from snakepit_worker.interrupts.main_thread import MainThreadInterrupts

from .interrupts_host import CALL_ID, LONG, Host, InterruptsTestCase


class ARunningCall(InterruptsTestCase):
    def test_a_loop_is_interrupted(self) -> None:
        def loop() -> None:
            while True:
                pass

        self.assertLess(self.cancelled_while(loop), 1)

    def test_a_sleep_is_interrupted(self) -> None:
        self.assertLess(self.cancelled_while(lambda: time.sleep(LONG)), 1)

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
        with subprocess.Popen(["sleep", str(LONG)]) as sleeper:
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
                time.sleep(LONG)
                yield 2
            finally:
                cleaned.append(True)

        generator = chunks()
        with Host(self.host, 1) as host:
            self.assertEqual(self.interrupts.run(1, next, generator), 1)
            with self.assertRaises(CallCancelled):
                self.interrupts.run(1, next, generator)
        self.assertEqual(cleaned, [True])

    def test_run_returns_or_raises_what_the_function_returns_or_raises(self) -> None:
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

    def test_a_cancellation_that_arrives_before_its_call_is_remembered(self) -> None:
        self.cancel(5)
        self.assertTrue(self.interrupts.is_cancelled(5))
        self.assertFalse(self.interrupts.is_cancelled(6))

    def test_a_signal_before_listening_has_no_effect(self) -> None:
        interrupts = MainThreadInterrupts()
        signal.raise_signal(signal.SIGIO)
        self.assertFalse(interrupts.is_cancelled(1))

    def test_a_repetition_for_an_earlier_call_does_not_hide_a_newer_cancellation(self) -> None:
        self.cancel(5, 4, 5, 4)
        self.assertTrue(self.interrupts.is_cancelled(5))

    def test_an_id_that_arrives_in_pieces_counts_when_it_is_complete(self) -> None:
        encoded = CALL_ID.pack(2**40 + 1)
        self.host.send(encoded[:3])
        self.assertFalse(self.interrupts.is_cancelled(2**40 + 1))
        self.host.send(encoded[3:])
        self.assertTrue(self.interrupts.is_cancelled(2**40 + 1))

    def test_any_number_of_ids_is_read_at_once(self) -> None:
        self.cancel(*range(1, 3000))
        self.assertTrue(self.interrupts.is_cancelled(2999))
