"""The concurrent dispatcher, with frames from a queue and answers into one. No transport takes part."""

from __future__ import annotations

import asyncio
import json
import queue
import random
import signal
import socket
import struct
import threading
import time
import unittest
from collections.abc import AsyncIterator, Callable, Iterator
from typing import Any

from snakepit_worker import CallCancelled, Context, HostToolError, tool
from snakepit_worker.concurrent_dispatcher import ConcurrentDispatcher
from snakepit_worker.protocol import Failure, HostFrame
from snakepit_worker.tool import Tool

_PATIENCE = 20.0


class _Host:
    """The other end: sends frames to a dispatcher that serves on the main thread, from a thread of its own."""

    def __init__(self, control: socket.socket) -> None:
        self._control = control
        self._frames: queue.SimpleQueue[Any] = queue.SimpleQueue()
        self._answers: dict[int, list[Any]] = {}
        self._changed = threading.Condition()
        self.others: queue.SimpleQueue[Any] = queue.SimpleQueue()
        self.problem: BaseException | None = None

    def frames(self) -> Iterator[Any]:
        return iter(self._frames.get, None)

    def take(self, frame: Any) -> None:
        kind = frame.WhichOneof("frame")
        if kind not in ("result", "chunk", "failure"):
            self.others.put(frame)
            return
        with self._changed:
            self._answers.setdefault(getattr(frame, kind).call, []).append(frame)
            self._changed.notify_all()

    def send(self, **frame: Any) -> None:
        self._frames.put(HostFrame(**frame))

    def call(self, name: str, id: int, /, *, credit: int | None = None, session: Any = None, **arguments: Any) -> None:
        call = {"id": id, "tool": name, "arguments": json.dumps(arguments).encode() if arguments else b""}
        self.send(call={**call, "streaming": credit is not None, "credit": credit or 0, "session": session})

    def cancel(self, id: int) -> None:
        self.send(cancel={"call": id})
        self._control.send(struct.pack("<Q", id))

    def cancel_until_answered(self, id: int) -> Any:
        self.cancel(id)
        deadline = time.monotonic() + _PATIENCE
        while not self.answered(id):
            if time.monotonic() > deadline:
                raise TimeoutError(f"call {id} ignores its cancellation")
            self._control.send(struct.pack("<Q", id))
            time.sleep(0.02)
        return self.answer(id)

    def answered(self, id: int) -> bool:
        with self._changed:
            return any(not frame.HasField("chunk") for frame in self._answers.get(id, []))

    def answer(self, id: int) -> Any:
        """Wait for the end of a call and return its last frame."""
        with self._changed:
            if not self._changed.wait_for(lambda: self.answered(id), _PATIENCE):
                raise TimeoutError(f"call {id} is not answered")
            return self._answers[id][-1]

    def value(self, id: int) -> Any:
        return json.loads(self.answer(id).result.value)

    def chunks(self, id: int) -> list[Any]:
        with self._changed:
            return [json.loads(frame.chunk.value) for frame in self._answers.get(id, []) if frame.HasField("chunk")]

    def all_answers(self, id: int) -> list[Any]:
        return self._answers[id]

    def end(self) -> None:
        self._frames.put(None)


class ConcurrentTestCase(unittest.TestCase):
    capacity = 4

    def serve(self, *tools: Callable[..., Any], script: Callable[[_Host], None], capacity: int | None = None) -> None:
        """Serve on this, the main thread, while ``script`` plays the host."""
        ours, theirs = socket.socketpair()
        self.addCleanup(ours.close)
        self.addCleanup(theirs.close)
        self.addCleanup(signal.signal, signal.SIGIO, signal.getsignal(signal.SIGIO))
        host = _Host(ours)
        dispatcher = ConcurrentDispatcher(4, list(map(Tool, tools)), theirs, 100_000, capacity or self.capacity)

        def play() -> None:
            try:
                script(host)
            except BaseException as problem:
                host.problem = problem
            finally:
                host.end()

        player = threading.Thread(target=play)
        player.start()
        dispatcher.serve(host.frames(), host.take)
        player.join()
        if host.problem is not None:
            raise host.problem


@tool
def plain(given: Any) -> Any:
    return given


@tool
async def later(given: Any) -> Any:
    await asyncio.sleep(0)
    return given


@tool
def spin() -> None:
    while True:
        pass


@tool
async def spin_on_the_loop() -> None:
    while True:
        pass


@tool
async def wait_for_ever() -> None:
    await asyncio.Event().wait()


@tool
def count(upto: int) -> Iterator[int]:
    yield from range(upto)


@tool
async def count_later(upto: int) -> AsyncIterator[int]:
    for number in range(upto):
        yield number


@tool
def remember(ctx: Context) -> list[Any]:
    assert ctx.session is not None
    ctx.session.state["calls"] = ctx.session.state.get("calls", 0) + 1
    return [ctx.session.key, ctx.session.is_home, ctx.session.state["calls"]]


@tool
def ask(ctx: Context, name: str) -> Any:
    return ctx.host.call(name, a=1)


@tool
async def ask_later(ctx: Context, name: str) -> Any:
    return await ctx.host.call_async(name, a=1)


@tool
def ask_wrongly(ctx: Context) -> Any:
    return asyncio.run(ctx.host.call_async("any"))


@tool
async def ask_later_wrongly(ctx: Context) -> Any:
    return ctx.host.call("any")


class CallsAtOnce(ConcurrentTestCase):
    def test_plain_and_async_calls_are_answered_with_their_own_results(self) -> None:
        def script(host: _Host) -> None:
            for id in range(1, 201):
                host.call("plain" if id % 2 else "later", id, given=id)
            self.assertEqual(list(range(1, 201)), [host.value(id) for id in range(1, 201)])

        self.serve(plain, later, script=script)

    def test_a_ping_is_answered_while_every_place_is_taken(self) -> None:
        def script(host: _Host) -> None:
            for id in range(1, 5):
                host.call("spin", id)
            host.send(ping={"sequence": 9})
            self.assertEqual(9, host.others.get(timeout=_PATIENCE).pong.sequence)
            for id in range(1, 5):
                host.cancel_until_answered(id)

        self.serve(spin, script=script)

    def test_a_drained_worker_says_so_after_its_last_answer(self) -> None:
        gate = threading.Event()

        @tool
        def wait() -> None:
            gate.wait(_PATIENCE)

        def script(host: _Host) -> None:
            host.call("wait", 1)
            host.send(drain={})
            self.assertTrue(host.others.empty())
            gate.set()
            self.assertTrue(host.others.get(timeout=_PATIENCE).HasField("drained"))
            self.assertTrue(host.answered(1))

        self.serve(wait, script=script)

    def test_what_a_tool_raises_is_its_callers_system_exit_included(self) -> None:
        @tool
        def leave() -> None:
            raise SystemExit(3)

        @tool
        async def leave_later() -> None:
            raise SystemExit(3)

        def script(host: _Host) -> None:
            for id, name in enumerate(("leave", "leave_later"), start=1):
                host.call(name, id)
                error = host.answer(id).failure.error
                self.assertEqual("SystemExit", error.type)
                self.assertNotIn("_run_", error.traceback)
                self.assertIn(f"in {name}", error.traceback)
            host.call("plain", 3, given=1)
            self.assertEqual(1, host.value(3))

        self.serve(leave, leave_later, plain, script=script)

    def test_unknown_tools_and_wrong_arguments_are_refused(self) -> None:
        def script(host: _Host) -> None:
            host.call("nothing_such", 1)
            host.call("plain", 2, unknown=1)
            host.call("plain", 3, credit=0, given=1)
            kinds = [host.answer(id).failure.kind for id in (1, 2, 3)]
            self.assertEqual([Failure.UNKNOWN_TOOL, Failure.INVALID_ARGUMENTS, Failure.WRONG_CALL_STYLE], kinds)

        self.serve(plain, script=script)

    def test_a_session_keeps_its_state_until_it_ends(self) -> None:
        def script(host: _Host) -> None:
            home, away = {"key": "one", "home": True}, {"key": "one", "home": False}
            for id, session in enumerate((home, home, away, away, home), start=1):
                host.call("remember", id, session=session)
                host.answer(id)
            host.send(end_session={"key": "one"})
            host.call("remember", 6, session=home)
            seen = [host.value(id) for id in range(1, 7)]
            self.assertEqual([1, 2, 1, 1, 3, 1], [calls for _, _, calls in seen])
            self.assertEqual([True, True, False, False, True, True], [is_home for _, is_home, _ in seen])

        self.serve(remember, script=script)


class Streams(ConcurrentTestCase):
    def test_a_stream_sends_no_more_than_its_credit_and_goes_on_when_it_gets_some(self) -> None:
        def script(host: _Host) -> None:
            for id, name in enumerate(("count", "count_later"), start=1):
                host.call(name, id, credit=3, upto=10)
                host.call("plain", 10 + id, given=0)
                host.answer(10 + id)
                time.sleep(0.05)
                self.assertEqual([0, 1, 2], host.chunks(id))
                host.send(credit={"call": id, "chunks": 100})
                self.assertTrue(host.answer(id).HasField("result"))
                self.assertEqual(list(range(10)), host.chunks(id))

        self.serve(count, count_later, plain, script=script)

    def test_a_stream_that_waits_for_credit_can_be_cancelled_and_closes_its_generator(self) -> None:
        closed: list[str] = []

        @tool
        def endless() -> Iterator[int]:
            try:
                while True:
                    yield 1
            finally:
                closed.append("plain")

        @tool
        async def endless_later() -> AsyncIterator[int]:
            try:
                while True:
                    yield 1
            finally:
                closed.append("async")

        def script(host: _Host) -> None:
            for id, name in enumerate(("endless", "endless_later"), start=1):
                host.call(name, id, credit=2)
                while len(host.chunks(id)) < 2:
                    time.sleep(0.002)
                self.assertEqual(Failure.CANCELLED, host.cancel_until_answered(id).failure.kind)
            self.assertEqual(["plain", "async"], closed)

        self.serve(endless, endless_later, script=script)


class Cancellations(ConcurrentTestCase):
    def test_whatever_runs_python_code_or_waits_on_the_loop_is_interrupted(self) -> None:
        def script(host: _Host) -> None:
            for id, name in enumerate(("spin", "spin_on_the_loop", "wait_for_ever"), start=1):
                host.call(name, id)
                time.sleep(0.02)
                self.assertEqual(Failure.CANCELLED, host.cancel_until_answered(id).failure.kind)
            host.call("plain", 9, given=5)
            self.assertEqual(5, host.value(9))

        for capacity in (1, 4):
            with self.subTest(capacity=capacity):
                self.serve(spin, spin_on_the_loop, wait_for_ever, plain, script=script, capacity=capacity)

    def test_with_one_call_at_a_time_a_sleep_is_interrupted_too(self) -> None:
        @tool
        def sleep() -> None:
            time.sleep(1000)

        @tool
        async def sleep_on_the_loop() -> None:
            time.sleep(1000)

        def script(host: _Host) -> None:
            for id, name in enumerate(("sleep", "sleep_on_the_loop"), start=1):
                host.call(name, id)
                time.sleep(0.02)
                self.assertEqual(Failure.CANCELLED, host.cancel_until_answered(id).failure.kind)

        self.serve(sleep, sleep_on_the_loop, script=script, capacity=1)

    def test_cleaning_up_is_left_in_peace(self) -> None:
        cleaned: list[str] = []

        @tool
        def clean_up() -> None:
            try:
                while True:
                    pass
            finally:
                deadline = time.monotonic() + 0.2
                while time.monotonic() < deadline:
                    pass
                cleaned.append("plain")

        @tool
        async def clean_up_later() -> None:
            try:
                await asyncio.sleep(1000)
            finally:
                await asyncio.sleep(0.2)
                cleaned.append("async")

        def script(host: _Host) -> None:
            for id, name in enumerate(("clean_up", "clean_up_later"), start=1):
                host.call(name, id)
                time.sleep(0.05)
                host.cancel_until_answered(id)
            self.assertEqual(["plain", "async"], cleaned)

        self.serve(clean_up, clean_up_later, script=script)

    def test_a_swallowed_interrupt_is_repeated(self) -> None:
        @tool
        def swallow() -> None:
            try:
                while True:
                    pass
            except CallCancelled:
                pass
            while True:
                pass

        def script(host: _Host) -> None:
            host.call("swallow", 1)
            time.sleep(0.05)
            self.assertEqual(Failure.CANCELLED, host.cancel_until_answered(1).failure.kind)

        self.serve(swallow, script=script)

    def test_a_call_that_is_cancelled_at_once_is_answered_all_the_same(self) -> None:
        def script(host: _Host) -> None:
            for id in range(1, 101):
                host.call("wait_for_ever" if id % 2 else "later", id, **({} if id % 2 else {"given": id}))
                host.cancel(id)
            for id in range(1, 101):
                host.answer(id)

        self.serve(wait_for_ever, later, script=script)

    def test_racing_cancellations_hit_their_own_calls_only_and_every_call_is_answered_once(self) -> None:
        seed = 20261123

        @tool
        def work(turns: int) -> int:
            for _ in range(turns):
                pass
            return turns

        @tool
        async def work_later(turns: int) -> int:
            for _ in range(turns % 7):
                await asyncio.sleep(0)
            return turns

        def script(host: _Host) -> None:
            chance = random.Random(seed)
            cancelled = set()
            for id in range(1, 4001):
                host.call(chance.choice(("work", "work_later")), id, turns=chance.randrange(3000))
                victim = id - chance.randrange(4)
                if chance.randrange(3) == 0 and victim > 0:
                    host.cancel(victim)
                    cancelled.add(victim)
                if id % 50 == 0:
                    host.answer(id)  # not too far ahead
            for id in range(1, 4001):
                last = host.answer(id)
                if last.HasField("failure"):
                    self.assertEqual(Failure.CANCELLED, last.failure.kind, last)
                    self.assertIn(id, cancelled)
                self.assertEqual(1, len(host.all_answers(id)))
            host.call("work", 5000, turns=1)
            self.assertEqual(1, host.value(5000))

        self.serve(work, work_later, script=script)


class HostCalls(ConcurrentTestCase):
    def test_answers_find_the_calls_that_asked(self) -> None:
        def script(host: _Host) -> None:
            for id in range(1, 5):
                host.call("ask" if id % 2 else "ask_later", id, name=f"tool {id}")
            questions = [host.others.get(timeout=_PATIENCE).host_call for _ in range(4)]
            for question in sorted(questions, key=lambda asked: -asked.call):
                self.assertEqual(f"tool {question.call}", question.tool)
                self.assertEqual({"a": 1}, json.loads(question.arguments))
                host.send(host_answer={"id": question.id, "value": json.dumps(question.call * 10).encode()})
            self.assertEqual([10, 20, 30, 40], [host.value(id) for id in range(1, 5)])

        self.serve(ask, ask_later, script=script)

    def test_an_error_is_raised_with_its_type(self) -> None:
        @tool
        def ask_in_vain(ctx: Context) -> list[str]:
            try:
                ctx.host.call("any")
            except HostToolError as error:
                return [error.tool, error.type, str(error)]
            raise AssertionError

        def script(host: _Host) -> None:
            host.call("ask_in_vain", 1)
            question = host.others.get(timeout=_PATIENCE).host_call
            host.send(host_answer={"id": question.id, "error": {"type": "TimeoutException", "message": "too late"}})
            self.assertEqual(["any", "TimeoutException"], host.value(1)[:2])

        self.serve(ask_in_vain, script=script)

    def test_a_cancelled_call_waits_no_longer_and_an_async_one_takes_its_question_back(self) -> None:
        def script(host: _Host) -> None:
            for id, name in enumerate(("ask", "ask_later"), start=1):
                host.call(name, id, name="any")
                question = host.others.get(timeout=_PATIENCE).host_call
                self.assertEqual(Failure.CANCELLED, host.cancel_until_answered(id).failure.kind)
                host.send(host_answer={"id": question.id, "value": b"1"})  # too late: nobody waits
                if name == "ask_later":
                    self.assertEqual(question.id, host.others.get(timeout=_PATIENCE).host_cancel.id)

        for capacity in (1, 4):
            with self.subTest(capacity=capacity):
                self.serve(ask, ask_later, script=script, capacity=capacity)

    def test_the_wrong_way_to_ask_is_told(self) -> None:
        def script(host: _Host) -> None:
            host.call("ask_wrongly", 1)
            host.call("ask_later_wrongly", 2)
            self.assertIn("ctx.host.call here", host.answer(1).failure.message)
            self.assertIn("call_async", host.answer(2).failure.message)

        self.serve(ask_wrongly, ask_later_wrongly, script=script)


class TheEnd(ConcurrentTestCase):
    def test_a_host_that_goes_cancels_what_runs_and_waits_for_nobody(self) -> None:
        began = threading.Event()
        cleaned = threading.Event()

        @tool
        async def wait() -> None:
            try:
                began.set()
                await asyncio.sleep(1000)
            finally:
                cleaned.set()

        def script(host: _Host) -> None:
            host.call("wait", 1)
            host.call("spin", 2)
            self.assertTrue(began.wait(_PATIENCE))

        start = time.monotonic()
        self.serve(wait, spin, script=script)
        self.assertTrue(cleaned.is_set())
        self.assertLess(time.monotonic() - start, 10)
