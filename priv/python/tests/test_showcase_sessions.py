"""Tests that the showcase's counters belong to sessions."""

from __future__ import annotations

import unittest

from snakepit_worker import Context, Session
from snakepit_worker.adapters.showcase import ShowcaseAdapter


def in_session(session: Session | None) -> Context:
    return Context(3, 1, 0, None, session)


class CountingInSessions(unittest.TestCase):
    def setUp(self) -> None:
        self.tools = ShowcaseAdapter()

    def test_each_session_has_a_counter_of_its_own(self) -> None:
        one, other = (in_session(Session(key, {}, True)) for key in "ab")
        self.assertEqual(self.tools.get_counter(one), 0)
        self.assertEqual([self.tools.increment_counter(one) for _ in range(3)], [1, 2, 3])
        self.assertEqual(self.tools.set_counter(10**30, other), 10**30)
        self.assertEqual(self.tools.increment_counter(other, by=-1), 10**30 - 1)
        self.assertEqual((self.tools.get_counter(one), self.tools.get_counter(other)), (3, 10**30 - 1))

    def test_a_call_that_cannot_reach_the_state_is_refused(self) -> None:
        for session, fault in (
            (None, "open one with OpenSession"),
            (Session("a", {}, False), "worker 3 does not keep"),
        ):
            for call in (
                lambda ctx: self.tools.set_counter(1, ctx),
                self.tools.get_counter,
                self.tools.increment_counter,
            ):
                with self.assertRaisesRegex(ValueError, fault):
                    call(in_session(session))
