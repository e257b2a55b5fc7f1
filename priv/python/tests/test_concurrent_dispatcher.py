"""Several calls at a time: the test's main thread runs the loop, a thread of the test plays the host."""

from __future__ import annotations

import asyncio
import json
import queue
import signal
import socket
import struct
import threading
import time
import unittest
from collections.abc import AsyncIterator, Callable, Iterator
from typing import Any

from snakepit_worker import CallCancelled, Context, HostToolError, tool
from snakepit_worker.dispatch.concurrent import ConcurrentDispatcher
from snakepit_worker.dispatch.toolset import Toolset
from snakepit_worker.interrupts.event_loop import EventLoopInterrupts
from snakepit_worker.protocol.frames import Failure, HostFrame
from snakepit_worker.tools.tool import Tool

_LIMIT = 1024
_LONG = 30.0  # seconds that no test waits, unless a wake-up is lost
_DEADLINE = 10.0


class Peer:
    """The host: sends frames, cancels on the stream and out of band, and receives answers with a deadline."""

    def __init__(self, control: socket.socket) -> None:
        self.frames: queue.SimpleQueue[Any] = queue.SimpleQueue()
        self.sent: queue.SimpleQueue[Any] = queue.SimpleQueue()
        self._control = control
        self._cancelled: set[int] = set()

    def send(self, **frame: Any) -> None:
        self.frames.put(HostFrame(**frame))

    def call(
        self, name: str, id: int, *, streaming: bool = False, credit: int = 9, session: Any = None, **given: Any
    ) -> None:
        encoded = json.dumps(given).encode()
        self.send(
            call={
                "id": id,
                "tool": name,
                "arguments": encoded,
                "streaming": streaming,
                "credit": credit,
                "session": session,
            }
        )

    def cancel_out_of_band(self, id: int) -> None:
        self._control.send(struct.pack("<Q", id))

    def cancel(self, id: int) -> None:
        self._cancelled.add(id)
        self.send(cancel={"call": id})
        self.cancel_out_of_band(id)

    def wait_until_begun(self, tools: int = 1) -> None:
        """Wait until so many tools have told that they have begun."""
        for _ in range(tools):
            begun.get(timeout=_DEADLINE)

    def wait_until_read(self) -> None:
        """Wait until all frames sent so far have been read. While a call runs, and with no answer under way."""
        self.send(ping={"sequence": 1})
        assert self.kinds(1) == ["pong"]

    def next(self) -> Any:
        return self.sent.get(timeout=_DEADLINE)

    def kinds(self, count: int) -> list[str]:
        return [self.next().WhichOneof("frame") for _ in range(count)]

    def answers(self, *ids: int) -> dict[int, Any]:
        """Wait for the final answers of these calls, and repeat the cancellations of those that have none yet."""
        found: dict[int, Any] = {}
        deadline = time.monotonic() + _DEADLINE
        while not found.keys() >= set(ids):
            try:
                frame = self.sent.get(timeout=0.02)
            except queue.Empty:
                if time.monotonic() > deadline:
                    raise
                for id in self._cancelled - found.keys():
                    self.cancel_out_of_band(id)
                continue
            kind = frame.WhichOneof("frame")
            if kind == "failure":
                found[frame.failure.call] = frame.failure
            elif kind == "result":
                found[frame.result.call] = json.loads(frame.result.value or b"null")
        return found


class ConcurrentTestCase(unittest.TestCase):
    capacity = 4

    def setUp(self) -> None:
        self.host, control = socket.socketpair()
        self.addCleanup(signal.signal, signal.SIGIO, signal.getsignal(signal.SIGIO))
        self.addCleanup(control.close)
        self.addCleanup(self.host.close)
        self.interrupts = EventLoopInterrupts().listen(control)
        self.peer = Peer(self.host)
        while not begun.empty():
            begun.get()  # left over by another test

    def serve(self, *tools: Callable[..., Any], play: Callable[[Peer], Any]) -> Any:
        """Serve while ``play`` plays the host, and return what it returns."""
        outcome: list[Any] = []

        def go() -> None:
            try:
                outcome.append(play(self.peer))
            except BaseException as error:
                outcome.append(error)
            self.peer.frames.put(None)

        toolset = Toolset(list(map(Tool, tools)), _LIMIT)
        frames = iter(self.peer.frames.get, None)
        player = threading.Thread(target=go, daemon=True)
        player.start()
        ConcurrentDispatcher(4, toolset, self.interrupts, self.capacity, frames, self.peer.sent.put).serve()
        player.join()
        if isinstance(outcome[0], BaseException):
            raise outcome[0]
        return outcome[0]


meet = threading.Barrier(2)
# A tool that has begun what it is to be interrupted in says so, in one step that no interrupt tears apart.
begun: queue.SimpleQueue[None] = queue.SimpleQueue()


@tool
def meets() -> bool:
    meet.wait(_DEADLINE)
    return threading.current_thread() is threading.main_thread()


@tool
def sleeps(seconds: float = _LONG) -> None:
    begun.put(None)
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        time.sleep(0.001)


@tool
async def sleeps_async(seconds: float = _LONG) -> str:
    await asyncio.sleep(seconds)
    return "slept"


@tool
async def blocks(how: str) -> None:
    begun.put(None)
    if how == "sleep":
        time.sleep(_LONG)
    while True:
        pass


@tool
async def counts_async(to: int) -> AsyncIterator[int]:
    for number in range(to):
        await asyncio.sleep(0)
        yield number


@tool
def counts(to: int) -> Iterator[int]:
    yield from range(to)


@tool
def leaves(how: int) -> None:
    raise [SystemExit(3), KeyboardInterrupt(), GeneratorExit(), CallCancelled("mine"), ValueError("x")][how]


@tool
async def leaves_async(how: int) -> None:
    raise [SystemExit(3), KeyboardInterrupt(), GeneratorExit(), CallCancelled("mine"), asyncio.CancelledError()][how]


class CallsAtTheSameTime(ConcurrentTestCase):
    def test_plain_tools_run_in_threads_at_the_same_time(self) -> None:
        def play(host: Peer) -> Any:
            host.call("meets", 1)
            host.call("meets", 2)
            return host.answers(1, 2)

        self.assertEqual(self.serve(meets, play=play), {1: False, 2: False})

    def test_async_tools_run_on_the_main_thread_at_the_same_time(self) -> None:
        event: list[asyncio.Event] = []

        @tool
        async def first() -> bool:
            event.append(asyncio.Event())
            await event[0].wait()
            return threading.current_thread() is threading.main_thread()

        @tool
        async def second() -> None:
            event[0].set()

        def play(host: Peer) -> Any:
            host.call("first", 1)
            host.call("second", 2)
            return host.answers(1, 2)

        self.assertEqual(self.serve(first, second, play=play), {1: True, 2: None})

    def test_no_more_threads_than_the_capacity_and_none_is_lost(self) -> None:
        @tool
        def thread() -> int:
            time.sleep(0.001)
            return threading.get_ident()

        def play(host: Peer) -> Any:
            for id in range(1, 41):
                host.call("thread", id)
            return host.answers(*range(1, 41))

        threads = set(self.serve(thread, play=play).values())
        self.assertLessEqual(len(threads), self.capacity)

    def test_the_host_is_answered_while_every_tool_is_busy(self) -> None:
        def play(host: Peer) -> Any:
            host.call("blocks", 1, how="sleep")
            host.call("sleeps", 2)
            host.send(ping={"sequence": 1})
            host.send(list_tools={})
            kinds = host.kinds(2)
            host.cancel(1)
            host.cancel(2)
            host.answers(1, 2)
            return kinds

        self.assertEqual(self.serve(blocks, sleeps, play=play), ["pong", "tools"])

    def test_an_idle_worker_whose_loop_is_blocked_answers_no_ping(self) -> None:
        blocked, released = threading.Event(), threading.Event()

        def block() -> None:
            blocked.set()
            released.wait(_DEADLINE)

        @tool
        async def leaves_a_task_behind() -> None:
            asyncio.get_running_loop().call_later(0.05, block)

        def play(host: Peer) -> Any:
            host.call("leaves_a_task_behind", 1)
            host.answers(1)
            blocked.wait(_DEADLINE)
            host.send(ping={"sequence": 1})
            host.send(list_tools={})
            before = host.kinds(1)
            released.set()
            return before + host.kinds(1)

        self.assertEqual(self.serve(leaves_a_task_behind, play=play), ["tools", "pong"])

    def test_a_drain_waits_for_what_runs(self) -> None:
        def play(host: Peer) -> Any:
            host.call("sleeps", 1, seconds=0.05)
            host.call("sleeps_async", 2, seconds=0.1)
            host.send(drain={})
            return host.kinds(3)

        self.assertEqual(self.serve(sleeps, sleeps_async, play=play), ["result", "result", "drained"])

    def test_an_idle_worker_is_drained_at_once(self) -> None:
        def play(host: Peer) -> Any:
            host.send(drain={})
            return host.kinds(1)

        self.assertEqual(self.serve(play=play), ["drained"])

    def test_the_end_of_the_stream_ends_everything_soon(self) -> None:
        cleaned = []

        @tool
        async def cleans_up() -> None:
            try:
                begun.put(None)
                await asyncio.sleep(_LONG)
            finally:
                cleaned.append(True)

        def play(host: Peer) -> Any:
            host.call("sleeps", 1)
            host.call("cleans_up", 2)
            host.call("blocks", 3, how="loop")
            host.send(ping={})
            host.next()
            host.wait_until_begun(3)

        start = time.monotonic()
        self.serve(sleeps, cleans_up, blocks, play=play)
        self.assertLess(time.monotonic() - start, _DEADLINE)
        self.assertEqual(cleaned, [True])

    def test_a_broken_stream_raises_its_own_error_out_of_serve(self) -> None:
        def frames() -> Iterator[Any]:
            yield HostFrame(ping={})
            raise OSError("broken")

        dispatcher = ConcurrentDispatcher(
            4, Toolset([], _LIMIT), self.interrupts, 2, frames(), self.peer.sent.put
        )
        with self.assertRaisesRegex(OSError, "broken"):
            dispatcher.serve()

    def test_refusals_are_answered(self) -> None:
        def play(host: Peer) -> Any:
            host.call("nothing", 1)
            host.call("counts", 2, to=1)
            host.call("sleeps_async", 3, seconds="1")
            host.call("sleeps", 4, seconds="1")
            return [failure.kind for _, failure in sorted(host.answers(1, 2, 3, 4).items())]

        expected = [Failure.UNKNOWN_TOOL, Failure.WRONG_CALL_STYLE, *[Failure.INVALID_ARGUMENTS] * 2]
        self.assertEqual(self.serve(counts, sleeps, sleeps_async, play=play), expected)

    def test_whatever_a_tool_raises_its_worker_goes_on(self) -> None:
        def play(host: Peer) -> Any:
            for how in range(5):
                host.call("leaves", how + 1, how=how)
                host.answers(how + 1)
            for how in range(5):
                host.call("leaves_async", how + 11, how=how)
            return [failure.error.type for _, failure in sorted(host.answers(*range(11, 16)).items())]

        types = self.serve(leaves, leaves_async, play=play)
        self.assertEqual(types[:3], ["SystemExit", "KeyboardInterrupt", "GeneratorExit"])
        self.assertEqual(types[4], "asyncio.exceptions.CancelledError")

    def test_a_task_left_behind_that_wants_to_exit_does_not(self) -> None:
        left: list[asyncio.Task[None]] = []

        @tool
        async def leaves_one_behind() -> None:
            async def exits() -> None:
                raise SystemExit(1)

            left.append(asyncio.get_running_loop().create_task(exits()))

        def play(host: Peer) -> Any:
            host.call("leaves_one_behind", 1)
            host.answers(1)
            host.call("sleeps_async", 2, seconds=0.01)
            return host.answers(2)

        with self.assertLogs("snakepit.worker"):
            self.assertEqual(self.serve(leaves_one_behind, sleeps_async, play=play), {2: "slept"})
        self.assertIsInstance(left[0].exception(), SystemExit)

    def test_tracebacks_are_the_tools_own(self) -> None:
        @tool
        async def fails() -> None:
            raise LookupError("lost")

        def play(host: Peer) -> Any:
            host.call("fails", 1)
            host.call("leaves", 2, how=4)
            return [failure.error.traceback for _, failure in sorted(host.answers(1, 2).items())]

        for trace in self.serve(fails, leaves, play=play):
            self.assertNotIn("snakepit_worker", trace)
            self.assertIn("raise", trace)


class ConcurrentStreams(ConcurrentTestCase):
    def test_streams_of_both_kinds_stop_without_credit_and_go_on_with_more(self) -> None:
        def play(host: Peer) -> Any:
            for id, name in enumerate(["counts", "counts_async"], 1):
                host.call(name, id, streaming=True, credit=2, to=4)
                first = host.kinds(2)
                host.send(ping={})
                between = host.kinds(1)
                host.send(credit={"call": id, "chunks": 9})
                self.assertEqual(
                    [*first, *between, *host.kinds(3)], ["chunk"] * 2 + ["pong"] + ["chunk"] * 2 + ["result"]
                )

        self.serve(counts, counts_async, play=play)

    def test_streams_that_wait_for_credit_are_cancelled_and_closed(self) -> None:
        closed: list[str] = []

        @tool
        def plain() -> Iterator[int]:
            try:
                yield 1
            finally:
                closed.append("plain")

        @tool
        async def asynchronous() -> AsyncIterator[int]:
            try:
                yield 1
            finally:
                await asyncio.sleep(0)
                closed.append("async")

        def play(host: Peer) -> Any:
            for id, name in enumerate(["plain", "asynchronous"], 1):
                host.call(name, id, streaming=True, credit=1)
                host.next()
                host.cancel(id)
                self.assertEqual(host.answers(id)[id].kind, Failure.CANCELLED)

        self.serve(plain, asynchronous, play=play)
        self.assertEqual(closed, ["plain", "async"])

    def test_what_an_async_stream_raises_ends_it_after_its_chunks(self) -> None:
        @tool
        async def breaks(value: Any) -> AsyncIterator[Any]:
            yield 1
            yield {"value": {1} if value else "x" * _LIMIT}

        def play(host: Peer) -> Any:
            host.call("breaks", 1, streaming=True, value=True)
            host.call("breaks", 2, streaming=True, value=False)
            return [failure.kind for _, failure in sorted(host.answers(1, 2).items())]

        self.assertEqual(self.serve(breaks, play=play), [Failure.RESULT_NOT_ENCODABLE, Failure.RESULT_TOO_LARGE])


class CancelledCalls(ConcurrentTestCase):
    def cancelled(self, name: str, **given: Any) -> Callable[[Peer], Any]:
        def play(host: Peer) -> Any:
            host.call(name, 1, streaming=name == "in_a_stream", credit=1, **given)
            host.call("sleeps_async", 2, seconds=0.3)
            host.wait_until_begun()
            start = time.monotonic()
            host.cancel(1)
            answers = host.answers(1)
            took = time.monotonic() - start
            if 2 not in answers:
                answers |= host.answers(2)
            self.assertEqual(answers[2], "slept")
            return answers[1].kind, took

        return play

    def check(self, *tools: Callable[..., Any], **given: Any) -> None:
        kind, took = self.serve(*tools, sleeps_async, play=self.cancelled(Tool(tools[0]).name, **given))
        self.assertEqual(kind, Failure.CANCELLED)
        self.assertLess(took, 2)

    def test_a_loop_in_a_thread(self) -> None:
        self.check(sleeps)

    def test_a_waiting_coroutine(self) -> None:
        @tool
        async def waits() -> None:
            begun.put(None)
            await asyncio.sleep(_LONG)

        self.check(waits)

    def test_a_coroutine_that_blocks_the_loop(self) -> None:
        for how in ("sleep", "loop"):
            with self.subTest(how):
                self.setUp()
                self.check(blocks, how=how)

    def test_cleaning_up_is_left_alone(self) -> None:
        done: list[str] = []

        @tool
        def in_a_thread() -> None:
            try:
                sleeps()
            finally:
                sleeps(0.3)
                done.append("thread")

        @tool
        async def in_a_task() -> None:
            try:
                begun.put(None)
                await asyncio.sleep(_LONG)
            finally:
                await asyncio.sleep(0.1)
                time.sleep(0.1)
                done.append("task")

        @tool
        async def in_a_blocking_task() -> None:
            try:
                begun.put(None)
                time.sleep(_LONG)
            finally:
                await asyncio.sleep(0.1)
                time.sleep(0.1)
                done.append("blocking task")

        @tool
        async def in_a_stream(ctx: Context) -> AsyncIterator[int]:
            try:
                begun.put(None)
                yield 1
            finally:
                time.sleep(0.1)
                done.append("stream")

        for function in (in_a_thread, in_a_task, in_a_blocking_task, in_a_stream):
            with self.subTest(function.__name__):
                self.setUp()
                self.check(function)
        self.assertEqual(done, ["thread", "task", "blocking task", "stream"])

    def test_one_that_a_thread_swallowed_comes_again(self) -> None:
        @tool
        def stubborn() -> None:
            try:
                sleeps()
            except CallCancelled:
                pass
            sleeps()

        self.check(stubborn)

    def test_a_call_that_waits_for_a_thread_does_not_run(self) -> None:
        def play(host: Peer) -> Any:
            for id in range(1, self.capacity + 1):
                host.call("sleeps", id)
            host.call("leaves", 9, how=0)
            host.cancel(9)
            host.wait_until_read()  # out of band, the cancellations to come overtake the one of call 9
            for id in range(1, self.capacity + 1):
                host.cancel(id)
            return {failure.kind for failure in host.answers(*range(1, self.capacity + 1), 9).values()}

        self.assertEqual(self.serve(sleeps, leaves, play=play), {Failure.CANCELLED})


class ConcurrentHostCalls(ConcurrentTestCase):
    def test_threads_and_tasks_call_the_host(self) -> None:
        @tool
        def plain(ctx: Context) -> Any:
            return ctx.host.call("double", value=1)

        @tool
        async def asynchronous(ctx: Context) -> Any:
            return await asyncio.gather(*(ctx.host.call_async("double", value=value) for value in (2, 3)))

        def play(host: Peer) -> Any:
            host.call("plain", 1)
            host.call("asynchronous", 2)
            asked = [host.next().host_call for _ in range(3)]
            for question in reversed(asked):
                value = json.loads(question.arguments)["value"] * 2
                host.send(host_answer={"id": question.id, "value": str(value).encode()})
            return host.answers(1, 2)

        self.assertEqual(self.serve(plain, asynchronous, play=play), {1: 2, 2: [4, 6]})

    def test_an_error_of_the_host_is_raised_in_a_task(self) -> None:
        @tool
        async def tries(ctx: Context) -> Any:
            try:
                await ctx.host.call_async("a")
            except HostToolError as error:
                return error.type

        def play(host: Peer) -> Any:
            host.call("tries", 1)
            id = host.next().host_call.id
            host.send(host_answer={"id": id, "error": {"type": "IOException", "message": "no"}})
            return host.answers(1)

        self.assertEqual(self.serve(tries, play=play), {1: "IOException"})

    def test_a_cancelled_wait_is_taken_back(self) -> None:
        @tool
        def plain(ctx: Context) -> Any:
            return ctx.host.call("a")

        @tool
        async def asynchronous(ctx: Context) -> Any:
            try:
                await ctx.host.call_async("a")
            finally:
                await ctx.host.call_async("b")

        def play(host: Peer) -> Any:
            found = []
            for id, name in enumerate(["plain", "asynchronous"], 1):
                host.call(name, id)
                question = host.next().host_call.id
                host.cancel(id)
                taken_back = host.next().host_cancel.id
                host.send(host_answer={"id": question, "value": b"1"})
                found.append((question == taken_back, host.answers(id)[id].kind))
            return found

        self.assertEqual(self.serve(plain, asynchronous, play=play), [(True, Failure.CANCELLED)] * 2)

    def test_a_call_in_the_wrong_way_says_what_is_right(self) -> None:
        @tool
        async def blocking(ctx: Context) -> None:
            ctx.host.call("a")

        def play(host: Peer) -> Any:
            host.call("blocking", 1)
            return host.answers(1)[1].error.message

        self.assertIn("awaits ctx.host.call_async", self.serve(blocking, play=play))


class ConcurrentSessions(ConcurrentTestCase):
    def test_threads_and_tasks_share_a_sessions_state(self) -> None:
        @tool
        def plain(ctx: Context) -> Any:
            ctx.session.state["n"] = ctx.session.state.get("n", 0) + 1  # type: ignore[union-attr]
            return ctx.session.state["n"]  # type: ignore[union-attr]

        @tool
        async def asynchronous(ctx: Context) -> Any:
            return plain(ctx)

        def play(host: Peer) -> Any:
            here, found = {"key": "a", "home": True, "id": 1}, []
            for id, name in enumerate(["plain", "asynchronous", "end", "asynchronous"], 1):
                if name == "end":
                    host.send(end_session={"id": 1})
                else:
                    host.call(name, id, session=here)
                    found.append(host.answers(id)[id])
            return found

        self.assertEqual(self.serve(plain, asynchronous, play=play), [1, 2, 1])


class ACapacityOfOne(ConcurrentTestCase):
    capacity = 1

    def test_plain_tools_beside_async_ones_run_on_the_main_thread_where_a_signal_interrupts_them(self) -> None:
        @tool
        def sleeps_in_c() -> None:
            assert threading.current_thread() is threading.main_thread()
            begun.put(None)
            time.sleep(_LONG)

        def play(host: Peer) -> Any:
            host.call("sleeps_in_c", 1)
            host.wait_until_begun()
            host.cancel(1)
            first = host.answers(1)[1].kind
            host.call("sleeps_async", 2, seconds=0)
            return first, host.answers(2)

        expected = Failure.CANCELLED, {2: "slept"}
        self.assertEqual(self.serve(sleeps_in_c, sleeps_async, play=play), expected)

    def test_a_plain_stream_and_a_host_call_wait_there_too(self) -> None:
        @tool
        def asks(ctx: Context) -> Iterator[Any]:
            yield ctx.host.call("a")
            yield 2

        def play(host: Peer) -> Any:
            host.call("asks", 1, streaming=True, credit=1)
            host.send(ping={})
            seen = sorted(host.kinds(2))  # the reader's answer may be the first
            host.send(host_answer={"id": 1, "value": b"1"})
            seen += host.kinds(1)
            host.send(credit={"call": 1, "chunks": 9})
            return seen, host.kinds(2)

        expected = ["host_call", "pong", "chunk"], ["chunk", "result"]
        self.assertEqual(self.serve(asks, sleeps_async, play=play), expected)

    def test_the_end_of_the_stream_interrupts_a_plain_tool(self) -> None:
        @tool
        def sleeps_in_c() -> None:
            begun.put(None)
            time.sleep(_LONG)

        def play(host: Peer) -> Any:
            host.call("sleeps_in_c", 1)
            host.wait_until_begun()

        start = time.monotonic()
        self.serve(sleeps_in_c, sleeps_async, play=play)
        self.assertLess(time.monotonic() - start, _DEADLINE)

    def test_the_end_of_the_stream_interrupts_a_plain_tool_again_if_once_was_not_enough(self) -> None:
        @tool
        def stubborn() -> None:
            begun.put(None)
            try:
                time.sleep(_LONG)
            except CallCancelled:
                pass
            time.sleep(_LONG)

        def play(host: Peer) -> Any:
            host.call("stubborn", 1)
            host.wait_until_begun()

        start = time.monotonic()
        self.serve(stubborn, sleeps_async, play=play)
        self.assertLess(time.monotonic() - start, _DEADLINE)
