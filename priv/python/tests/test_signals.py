"""Tests which signals have no effect on a Python process, so that its host decides about its end, and when."""

from __future__ import annotations

import unittest

from .processes import run_python

_BEGIN = """
import signal
from snakepit_worker.process import signals
TERM, INT, DEFAULT = signal.SIGTERM, signal.SIGINT, signal.SIG_DFL
def is_default(number):
    return signal.getsignal(number) in (DEFAULT, signal.default_int_handler)
"""


class LeavingSignals(unittest.TestCase):
    def outcome(self, source: str) -> str:
        done = run_python(_BEGIN + source)
        self.assertEqual(done.stderr, "")
        return done.stdout.strip()

    def test_a_default_effect_that_came_back_is_taken_away_again_and_a_handler_stays(self) -> None:
        text = self.outcome(
            "signals.leave_to_host()\n"
            "signal.signal(TERM, DEFAULT); signal.signal(INT, handler := lambda *_: None)\n"
            "signals.leave_again()\n"
            "print(is_default(TERM), signal.getsignal(INT) is handler)"
        )
        self.assertEqual(text, "False True")

    def test_sigterm_keeps_the_effect_that_the_host_has_asked_for(self) -> None:
        text = self.outcome(
            "signals.leave_to_host(); signals.obey_host()\n"
            "signal.signal(INT, signal.default_int_handler); signals.leave_again()\n"
            "print(is_default(TERM), is_default(INT))\n"
        )
        self.assertEqual(text, "True False")

    def test_a_process_that_leaves_no_signals_to_a_host_keeps_their_effects(self) -> None:
        text = self.outcome(
            "signal.signal(INT, DEFAULT)  # a shell that starts this test in the background makes it ignore SIGINT\n"
            "signals.leave_again()\n"
            "print(is_default(TERM), is_default(INT))"
        )
        self.assertEqual(text, "True True")

    def test_a_signal_that_is_ignored_or_handled_costs_a_look_only_after_it_has_changed(self) -> None:
        text = self.outcome(
            "signal.signal(INT, signal.SIG_IGN)  # as a shell does for a program in the background\n"
            "signals.leave_to_host(); looks = []\n"
            "look = signals._leave_all_again\n"
            "signals._leave_all_again = lambda: (looks.append(1), look())\n"
            "signals.leave_again(); signals.leave_again(); print(len(looks))\n"
            "signal.signal(TERM, handler := lambda *_: None)\n"
            "signals.leave_again(); signals.leave_again(); print(len(looks))\n"
            "signal.signal(TERM, DEFAULT)\n"
            "signals.leave_again(); signals.leave_again(); print(len(looks), is_default(TERM))"
        )
        self.assertEqual(text.split("\n"), ["0", "1", "2 False"])
