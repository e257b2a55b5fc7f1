"""Tests that a repeated cancellation interrupts a tool that ignored the first, but not code that handles the first."""

from __future__ import annotations

import signal
import sys
import time
from typing import Any

from snakepit_worker import CallCancelled

from .interrupts_host import LONG, Host, InterruptsTestCase


class CaughtCancellations(InterruptsTestCase):
    def test_a_cancellation_that_was_caught_is_raised_again_when_the_host_repeats_it(self) -> None:
        swallowed = []

        def stubborn() -> None:
            host.begin.set()
            for _ in range(2):
                try:
                    time.sleep(LONG)
                except BaseException as error:
                    swallowed.append(type(error))
            time.sleep(LONG)

        with Host(self.host, 1) as host, self.assertRaises(CallCancelled):
            self.interrupts.run(1, stubborn)
        self.assertEqual(swallowed, [CallCancelled, CallCancelled])

    def test_except_exception_does_not_catch_a_cancellation(self) -> None:
        def careless() -> None:
            host.begin.set()
            while True:
                try:
                    time.sleep(LONG)
                except Exception:  # CallCancelled is not an Exception, so it must not be caught here
                    continue

        with Host(self.host, 1) as host, self.assertRaises(CallCancelled):
            self.interrupts.run(1, careless)

    def test_code_that_cleans_up_is_not_interrupted(self) -> None:
        done = []

        def clean() -> None:
            time.sleep(0.1)  # long enough for several repeated cancellations
            done.append("cleaned")

        class Resource:
            def __enter__(self) -> None:
                pass

            def __exit__(self, *_: object) -> None:
                clean()

        def with_finally() -> None:
            try:
                host.begin.set()
                time.sleep(LONG)
            finally:
                clean()

        def with_context_manager() -> None:
            with Resource():
                host.begin.set()
                time.sleep(LONG)

        def with_another_error_on_the_way() -> None:
            try:
                host.begin.set()
                time.sleep(LONG)
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


class FramesOfThePackage(InterruptsTestCase):
    """Tests that code of the package is never interrupted.

    A signal may arrive at any instruction, so these tests call the signal handler with a chosen stack frame instead.
    """

    def setUp(self) -> None:
        super().setUp()
        self.handler: Any = signal.getsignal(signal.SIGIO)
        self.cancel(1)

    def test_the_tool_is_interrupted_but_not_the_frame_that_runs_the_tool(self) -> None:
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
        interrupts: Any = self.interrupts
        handler = self.handler

        class Control:
            def recv(self, _: int) -> bytes:
                interrupts._control = real
                handler(signal.SIGIO, sys._getframe(1))
                return b""

        def tool() -> str:
            interrupts._control = Control()
            handler(signal.SIGIO, sys._getframe(1))
            return "returned"

        real = interrupts._control
        self.assertEqual(self.interrupts.run(1, tool), "returned")


class AHostThatHasGone(InterruptsTestCase):
    def test_a_closed_control_channel_disturbs_no_call(self) -> None:
        self.assertEqual(self.interrupts.run(1, lambda: (self.host.close(), time.sleep(0.01), "done")[2]), "done")

    def test_a_broken_control_channel_disturbs_no_call(self) -> None:
        self.control.send(b"a report that the host never reads")
        self.assertEqual(self.interrupts.run(1, lambda: (self.host.close(), time.sleep(0.01), "done")[2]), "done")
