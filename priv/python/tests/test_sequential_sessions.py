"""Tests sessions in a worker that runs one call at a time."""

from __future__ import annotations

from typing import Any

from snakepit_worker import Context, Session, tool
from snakepit_worker.protocol.frames import HostFrame

from .sequential_host import DispatcherTestCase, answer, call


class SessionsOfCalls(DispatcherTestCase):
    def setUp(self) -> None:
        super().setUp()
        self.seen: list[Any] = []

        @tool
        def visits(ctx: Context) -> int:
            self.seen.append(ctx.session)
            if ctx.session is None:
                return -1
            ctx.session.state["visits"] = ctx.session.state.get("visits", 0) + 1
            return int(ctx.session.state["visits"])

        @tool
        def waits(ctx: Context) -> int:
            ctx.host.call("a")
            assert ctx.session is not None
            return int(ctx.session.state["visits"])

        self.tools = visits, waits

    def visits(self, *frames: Any) -> list[int]:
        self.serve(*self.tools, frames=list(frames))
        return [int(frame.result.value) for frame in self.sent if frame.HasField("result")]

    def test_a_call_without_a_session_has_none(self) -> None:
        self.visits(call("visits"))
        self.assertEqual(self.seen, [None])

    def test_a_session_keeps_its_state_at_home_until_it_ends(self) -> None:
        here, other = ({"key": key, "home": True, "id": id} for id, key in enumerate("ab", 1))
        end = HostFrame(end_session={"id": 1})
        frames = [call("visits", id=n, session=s) for n, s in enumerate([here, here, other], 1)]
        visits = self.visits(*frames, end, end, call("visits", id=4, session=here), call("visits", id=5, session=other))
        self.assertEqual(visits, [1, 2, 1, 1, 2])
        self.assertEqual((self.seen[0].key, self.seen[0].is_home), ("a", True))
        self.assertIsInstance(self.seen[0], Session)

    def test_a_key_that_is_used_again_is_another_session(self) -> None:
        first, second = ({"key": "a", "home": True, "id": id} for id in (1, 2))
        end = HostFrame(end_session={"id": 1})
        frames = [call("visits", session=first), call("visits", id=2, session=second), end]
        self.assertEqual(self.visits(*frames, call("visits", id=3, session=second)), [1, 1, 2])

    def test_a_worker_that_is_not_the_sessions_home_sees_an_empty_state_and_forgets_it(self) -> None:
        here, away = {"key": "a", "home": True}, {"key": "a"}
        sessions = [here, away, away, here]
        self.assertEqual(
            self.visits(*(call("visits", id=n, session=s) for n, s in enumerate(sessions, 1))), [1, 1, 1, 2]
        )
        self.assertFalse(self.seen[1].is_home)

    def test_a_session_that_ends_during_a_call_leaves_the_call_its_state(self) -> None:
        here = {"key": "a", "home": True, "id": 1}
        end = HostFrame(end_session={"id": 1})
        frames = [call("visits", session=here), call("waits", id=2, session=here), end, answer(1)]
        self.assertEqual(self.visits(*frames, call("visits", id=3, session=here)), [1, 1, 1])
