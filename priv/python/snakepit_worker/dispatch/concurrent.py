"""Frames to calls: several at a time, in threads and as tasks of an event loop."""

from __future__ import annotations

import asyncio
import collections
import logging
import signal
import threading
from collections.abc import Callable, Iterator
from typing import Any

from ..api.context import Context
from ..api.session import Session
from ..interrupts.event_loop import LoopInterrupts
from ..payloads import codec
from ..protocol.messages import WorkerFrame
from ..tools.signature import Tool
from .answer_frames import Answers
from .catalog import REFUSALS, Catalog, refusal
from .executors import MainLane, ThreadLane
from .host_call_frames import Questions
from .sequential import Dispatcher, Send
from .sessions import Sessions
from .task_call import TaskCall

_LOG = logging.getLogger("snakepit.worker")
_GRACE = 1.0  # seconds for what still runs when the host has gone; then the process ends around it
_REPEAT_AFTER = 0.02  # seconds: as often as the host repeats a cancellation


class _PlainCall:
    """A call of a plain tool: waiting for a lane, or on one."""

    def __init__(self, frame: Any, session: Session | None) -> None:
        self.frame = frame
        self.session = session
        self.lane: ThreadLane | MainLane | None = None
        self.is_cancelled = False


class ConcurrentDispatcher:
    """Reads frames on a thread of its own, so that the host is answered whatever the tools do.

    The event loop has the main thread. Async tools run there; plain ones run in up to ``capacity`` threads, or, with a
    capacity of 1, on the main thread too, where signals interrupt more than anything can in a thread.
    """

    def __init__(
        self, worker: int, tools: list[Tool], interrupts: LoopInterrupts, max_payload: int, capacity: int
    ) -> None:
        """Serve ``tools`` as ``worker``; a result or chunk over ``max_payload`` bytes is refused."""
        self._worker = worker
        self._tools = tools
        self._interrupts = interrupts
        self._max_payload = max_payload
        self._capacity = capacity
        self._catalog = Catalog(tools)
        self._answers = Answers(max_payload)
        self._questions = Questions(max_payload)
        self._sessions = Sessions()
        self._loop = asyncio.new_event_loop()
        self._sending = threading.Lock()
        self._transport: Send = lambda _: None
        self._ended = threading.Event()
        self._broken: Exception | None = None
        # Under the lock, which the signal handler never takes: it only looks calls up.
        self._lock = threading.Lock()
        self._calls: dict[int, _PlainCall | TaskCall] = {}
        self._asked: dict[int, int] = {}  # host call to call
        self._tasks: dict[Any, TaskCall] = {}  # on the loop only
        self._lanes: list[ThreadLane | MainLane] = []
        self._idle: list[ThreadLane | MainLane] = []
        self._waiting: collections.deque[_PlainCall] = collections.deque()
        self._draining = False

    def serve(self, frames: Iterator[Any], send: Send) -> None:
        """Answer frames until the host ends the stream. Main thread only."""
        self._transport = send
        if self._capacity == 1:
            lane = MainLane(self._interrupts, self._make_dispatcher, self._loop.call_soon_threadsafe)
            lane.attach(self._send)
            self._lanes.append(lane)
            self._idle.append(lane)
        asyncio.set_event_loop(self._loop)
        self._interrupts.watch(self._cancel_from_signal, self._running_call)
        reader = threading.Thread(target=self._read, args=(frames,), name="snakepit-reader", daemon=True)
        reader.start()
        try:
            while not self._ended.is_set():
                self._run_loop(self._loop.run_forever)
            reader.join()  # it has nothing left to do, and sends no signal any more
            self._cancel_everything()
        finally:
            asyncio.set_event_loop(None)
            self._loop.close()
        if self._broken is not None:
            raise self._broken

    # On the reader's thread.

    def _read(self, frames: Iterator[Any]) -> None:
        try:
            for frame in frames:
                self._take(frame.WhichOneof("frame"), frame)
        except Exception as error:  # the transport's own; serve raises it again
            self._broken = error
        for call in list(self._calls.values()):
            self._cancel(call)
        for lane in self._lanes:
            lane.close()
        self._loop.call_soon_threadsafe(self._stop)
        # If a tool keeps the loop from running, it is interrupted, and again: a signal that comes in the moment before
        # the tool begins to wait for something wakes nobody.
        while not self._ended.is_set():
            signal.pthread_kill(threading.main_thread().ident or 0, signal.SIGIO)
            self._ended.wait(_REPEAT_AFTER)

    def _take(self, kind: str, frame: Any) -> None:
        if kind == "call":
            self._begin(frame)
        elif kind == "cancel":
            self._cancel(self._calls.get(frame.cancel.call), frame)
        elif kind == "credit":
            self._deliver(frame.credit.call, frame)
        elif kind == "host_answer":
            self._deliver(self._asked.pop(frame.host_answer.id, 0), frame)
        elif kind == "end_session":
            self._sessions.end(frame.end_session.id)
        elif kind == "ping":
            if self._calls:  # they may do with the loop what they like
                self._answer_ping(frame.ping.sequence)
            else:  # a worker whose loop stands still can begin no async call
                self._loop.call_soon_threadsafe(self._answer_ping, frame.ping.sequence)
        elif kind == "list_tools":
            self._send(self._catalog.listed())
        elif kind == "drain":
            with self._lock:
                self._draining = True
            self._send_drained_if_done()

    def _begin(self, frame: Any) -> None:
        call = frame.call
        try:
            found = self._catalog.find(call)
            if found.is_async:
                self._begin_task(call, found)
                return
        except REFUSALS as error:
            self._send(refusal(call, error))
            return
        plain = _PlainCall(frame, self._sessions.of(call))
        with self._lock:
            self._calls[call.id] = plain
            if not self._idle and len(self._lanes) < self._capacity:
                lane = ThreadLane(len(self._lanes) + 1, self._make_dispatcher, self._send)
                self._lanes.append(lane)
                self._idle.append(lane)
            if self._idle:
                plain.lane = self._idle.pop()
                plain.lane.begin(frame, plain.is_cancelled)
            else:
                self._waiting.append(plain)

    def _begin_task(self, call: Any, found: Tool) -> None:
        running = TaskCall(call, self._loop, self._answers, self._questions, self._send)
        context = None
        if found.takes_context:
            context = Context(self._worker, call.id, call.timeout_ms, running, self._sessions.of(call))
        arguments = found.bind(codec.decode_object(call.arguments), context)
        with self._lock:
            self._calls[call.id] = running
        self._loop.call_soon_threadsafe(self._start, running, found, arguments)

    def _cancel(self, call: _PlainCall | TaskCall | None, frame: Any = None) -> None:
        """Cancel a call, in whatever state it is; a Cancel frame wakes it from waiting for frames."""
        if isinstance(call, TaskCall):
            call.cancel()
        elif call is not None:
            with self._lock:
                call.is_cancelled = True
                if call.lane is not None and frame is not None:
                    call.lane.deliver(frame)
            if call.lane is not None:
                call.lane.interrupt(call.frame.call.id)

    def _deliver(self, call_id: int, frame: Any) -> None:
        call = self._calls.get(call_id)
        if isinstance(call, TaskCall):
            call.deliver(frame)
        elif call is not None:
            with self._lock:
                if call.lane is not None:
                    call.lane.deliver(frame)

    # On the main thread.

    def _stop(self) -> None:
        self._ended.set()
        self._loop.stop()

    def _start(self, running: TaskCall, found: Tool, arguments: Any) -> None:
        task = running.start(found, arguments, self._tasks.pop)
        self._tasks[task] = running

    def _running_call(self) -> TaskCall | None:
        return self._tasks.get(asyncio.current_task(self._loop)) if self._tasks else None

    def _cancel_from_signal(self, call_id: int) -> None:
        call = self._calls.get(call_id)
        if isinstance(call, TaskCall):
            call.cancel()
        elif call is not None:
            call.is_cancelled = True  # for the lane that it waits for
            if call.lane is not None:
                call.lane.interrupt(call_id, wait=False)

    def _run_loop(self, run: Callable[[], Any]) -> None:
        try:
            run()
        except (SystemExit, KeyboardInterrupt):
            _LOG.error("a task that a tool has left behind wanted to end the process", exc_info=True)

    def _cancel_everything(self) -> None:
        left = asyncio.all_tasks(self._loop)
        for task in left:
            if task not in self._tasks:  # calls have been cancelled, and once is enough
                task.cancel()
        if left:
            self._run_loop(lambda: self._loop.run_until_complete(asyncio.wait(left, timeout=_GRACE)))

    # On any thread.

    def _answer_ping(self, sequence: int) -> None:
        self._send(WorkerFrame(pong={"sequence": sequence}))

    def _make_dispatcher(self, interrupts: Any) -> Dispatcher:
        dispatcher = Dispatcher(self._tools, self._max_payload, self._questions, self._session_of)
        return dispatcher.become(self._worker, interrupts)

    def _session_of(self, call: Any) -> Session | None:
        plain = self._calls[call.id]
        return plain.session if isinstance(plain, _PlainCall) else None

    def _send(self, frame: Any) -> None:
        kind = frame.WhichOneof("frame")
        if kind == "host_call":
            self._asked[frame.host_call.id] = frame.host_call.call
        elif kind == "host_cancel":
            self._asked.pop(frame.host_cancel.id, None)
        with self._sending:
            self._transport(frame)
        if kind in ("result", "failure"):
            self._finish(frame.result.call or frame.failure.call)

    def _finish(self, call_id: int) -> None:
        """Forget an answered call, and give its lane to the next."""
        with self._lock:
            call = self._calls.pop(call_id, None)
            if isinstance(call, _PlainCall) and call.lane is not None:
                if self._waiting:
                    following = self._waiting.popleft()
                    following.lane = call.lane
                    following.lane.begin(following.frame, following.is_cancelled)
                else:
                    self._idle.append(call.lane)
        self._send_drained_if_done()

    def _send_drained_if_done(self) -> None:
        with self._lock:
            done = self._draining and not self._calls
            self._draining = self._draining and not done
        if done:
            self._send(WorkerFrame(drained={}))  # the host ends the stream when this, and all before it, has arrived
