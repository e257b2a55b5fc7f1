"""Runs several calls of a worker at a time: plain (synchronous) tools in threads, async tools on an event loop."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from ..api.context import Context
from ..interrupts.event_loop import EventLoopInterrupts
from ..originals import signal
from ..process import signals
from ..process.waits import waits
from ..protocol.frames import WorkerFrame
from ..tools.tool import Tool
from .call_contexts import CurrentLoop, call_contexts
from .catalog import REFUSALS, arguments_of, refusal
from .executor_pool import ExecutorPool
from .executors import MainThreadExecutor, ThreadExecutor
from .main_loop import MainLoop
from .plain_call import Executor, PlainCall
from .plain_call_channel import PlainCallChannel
from .plain_calls import PlainCallRunner
from .recording import every_call, recorder_of
from .routed_host_calls import RoutedHostCalls
from .sessions import Sessions
from .task_call import TaskCall
from .toolset import Toolset

if TYPE_CHECKING:
    from ..interrupts.interface import Interrupts
    from ..protocol.frames import Call, HostFrame, HostFrameField
    from ..protocol.streams import Frame, Frames, Send

_REPEAT_AFTER = 0.02  # seconds between two signals to a tool that blocks the loop; equal to CancelRepeat in C#


class ConcurrentDispatcher:
    """Runs several calls at a time, and reads frames on a separate thread, so that it can answer the host at any time.

    The event loop runs on the main thread, and async tools run on the loop. Plain (synchronous) tools run in up to
    ``capacity`` threads. With a capacity of 1, plain tools run on the main thread too, because a signal can end waits
    there that nothing can end on another thread. The loop is stopped while a plain tool runs there, so that the tool
    may run a loop of its own, as it may in an adapter without async tools.
    """

    def __init__(
        self, worker: int, toolset: Toolset, interrupts: EventLoopInterrupts, capacity: int, frames: Frames, send: Send
    ) -> None:
        """Serve the tools of ``toolset``, with up to ``capacity`` calls of plain tools at a time."""
        self._worker = worker
        self._toolset = toolset
        self._interrupts = interrupts
        self._capacity = capacity
        self._frames = frames
        self._send_to_host = send
        self._sending = threading.Lock()
        self._host_calls = RoutedHostCalls(toolset.max_payload)
        self._sessions = Sessions()
        self._main = MainLoop()
        self._loop = self._main.loop
        self._new_context = call_contexts()
        self._current_loop = CurrentLoop()
        self._tasks: dict[asyncio.Task[Any], TaskCall] = {}  # used only on the loop's thread
        self._executors = ExecutorPool(capacity, self._start_executor)
        # Calls that have not been answered, by id. Entries are added and removed only while ``_lock`` is held. The
        # signal handler must not wait for a lock, so it only looks calls up.
        self._calls: dict[int, PlainCall | TaskCall] = {}
        self._lock = threading.Lock()
        self._draining = False
        self._has_read_all = False

    def serve(self) -> None:
        """Answer frames until the host ends the stream. Main thread only."""
        self._interrupts.watch(self._interrupt_from_signal, self._running_task_call)
        reader = threading.Thread(target=self._read, name="snakepit-reader", daemon=True)
        reader.start()
        try:
            self._main.run()
            if self._has_read_all:
                _join(reader)  # it is about to return; after that, it sends no more signals
                self._main.end_tasks(self._tasks)  # the reader has cancelled the tasks of calls
        finally:
            self._loop.close()
        if self._main.failure is not None:
            raise self._main.failure

    # The following methods run on the reader's thread.

    def _read(self) -> None:
        try:
            self._take_all()
        except BaseException as error:  # the transport has failed, or there is no memory; serve raises this error again
            self._main.note_failure(error)
        self._has_read_all = True
        try:
            self._end_all()
        except BaseException as error:  # the adapter has replaced something, and the main thread does not learn of it
            self._main.abandon(error)

    def _end_all(self) -> None:
        for call in list(self._calls.values()):
            call.interrupt()
        self._executors.close()
        self._main.end()
        # Interrupt a tool that blocks the loop. The signal is repeated, because a signal that arrives just before the
        # tool begins to wait does not end the wait.
        while not self._main.ended.is_set():
            signal.pthread_kill(threading.main_thread().ident or 0, signal.SIGIO)
            self._main.ended.wait(_REPEAT_AFTER)

    def _take_all(self) -> None:
        for frame in self._frames:
            self._take(frame.WhichOneof("frame"), frame)
            del frame  # otherwise an idle worker would keep the arguments of its last call

    def _take(self, kind: HostFrameField | None, frame: HostFrame) -> None:
        if kind == "call":
            self._begin(frame.call)
        elif kind == "cancel":
            if (call := self._calls.get(frame.cancel.call)) is not None:
                self._cancel(call, frame)
        elif kind == "credit":
            self._deliver(frame.credit.call, frame)
        elif kind == "host_answer":
            self._deliver(self._host_calls.take_caller(frame.host_answer.id), frame)
        elif kind == "end_session":
            self._sessions.end(frame.end_session.id)
        elif kind == "ping":
            self._take_ping(frame.ping.sequence)
        elif kind == "list_tools":
            self._send(self._toolset.catalog.listed())
        elif kind == "drain":
            with self._lock:
                self._draining = True
            self._send_drained_if_done()

    def _take_ping(self, sequence: int) -> None:
        pong = WorkerFrame(pong={"sequence": sequence})
        if self._calls:  # the reader answers, because a running tool may block the loop, and that is not a failure
            self._send(pong)
        else:  # the loop answers, so that the host notices a blocked loop, on which no async call could start
            self._loop.call_soon_threadsafe(self._send, pong)

    def _cancel(self, call: PlainCall | TaskCall, frame: HostFrame) -> None:
        call.cancel(frame)
        if call.needs_interruption():
            blocks_others = isinstance(call, TaskCall) and self._is_awaited_by_others(call)
            self._send(WorkerFrame(needs_interruption={"call": call.id, "blocks_others": blocks_others}))

    def _is_awaited_by_others(self, blocking: TaskCall) -> bool:
        """Tell whether calls that are not cancelled wait for the event loop, which the call ``blocking`` blocks."""
        others = list(self._calls.values())
        return any(isinstance(one, TaskCall) and one is not blocking and not one.is_cancelled() for one in others)

    def _deliver(self, call_id: int, frame: HostFrame) -> None:
        if (call := self._calls.get(call_id)) is not None:
            call.deliver(frame)

    def _begin(self, call: Call) -> None:
        try:
            found = self._toolset.catalog.find(call)
            if found.is_async:
                self._begin_task(call, found)
                return
        except REFUSALS as error:
            self._send(refusal(call, error))
            return
        except MemoryError as error:  # there is no room for the arguments
            self._send(self._toolset.answers.failed(call, error, own_frames=0))
            return
        plain = PlainCall(call, self._sessions.of(call), self._executors.lock)
        with self._lock:
            self._calls[call.id] = plain
        self._executors.run(plain)

    def _begin_task(self, call: Call, found: Tool) -> None:
        running = TaskCall(
            *(call, self._loop, self._main.watch, self._main.executor_work, self._toolset.answers, self._host_calls),
            *(self._send, self._task_ended, self._main.fail, self._new_context()),
        )
        context = None
        if found.takes_context or every_call:
            running.recorder = recorder_of(call)
        if found.takes_context:
            context = Context(self._worker, call.id, call.timeout_ms, running, self._sessions.of(call))
        arguments = arguments_of(call, found, call.attachments.items)
        with self._lock:
            self._calls[call.id] = running
        self._main.call_soon(self._start_task, call, running, found, arguments, context)

    # The following methods run on the main thread.

    def _start_task(
        self, call: Call, running: TaskCall, found: Tool, arguments: Mapping[str, Any], context: Context | None
    ) -> None:
        try:
            # Not on the reader's thread, because this may run code of the user's classes.
            has_attached = call.HasField("attachments")
            bound = running.context.run(found.bind, arguments, context, has_attached)
        except REFUSALS as error:
            self._send(refusal(call, error))
            self._forget(call.id)
            return
        except MemoryError as error:  # there is no room for the arguments
            self._send(self._toolset.answers.failed(call, error, own_frames=0))
            self._forget(call.id)
            return
        self._tasks[running.start(found, bound)] = running

    def _task_ended(self, call: TaskCall, task: asyncio.Task[Any]) -> None:
        del self._tasks[task]
        self._forget(call.id)
        signals.leave_again()

    def _running_task_call(self) -> TaskCall | None:
        task = asyncio.current_task(self._loop) if self._tasks else None
        return None if task is None else self._tasks.get(task)

    def _interrupt_from_signal(self, call_id: int) -> None:
        if (call := self._calls.get(call_id)) is not None:
            call.interrupt()

    # The following methods run on any thread.

    def _start_executor(self, number: int) -> Executor:
        if self._capacity > 1:
            return ThreadExecutor(number, self._make_runner, self._plain_ended, self._main.fail)
        return MainThreadExecutor(
            self._interrupts, self._make_runner, self._plain_ended, self._main.run_beside, self._current_loop
        )

    def _make_runner(self, interrupts: Interrupts, frames: Frames) -> PlainCallRunner:
        channel = PlainCallChannel(frames, self._send, interrupts, self._host_calls, _ignore)
        return PlainCallRunner(self._worker, self._toolset, interrupts, channel, self._new_context)

    def _send(self, frame: Frame) -> None:
        with self._sending:
            if (
                self._main.failure is None
            ):  # after a failure, calls are cancelled, but not because their callers have asked
                self._send_to_host(frame)

    def _plain_ended(self, call: PlainCall) -> None:
        self._forget(call.id)
        self._executors.release(call)

    def _forget(self, call_id: int) -> None:
        """Remove a call that has been answered from ``_calls``."""
        with self._lock:
            self._calls.pop(call_id, None)
        self._send_drained_if_done()

    def _send_drained_if_done(self) -> None:
        with self._lock:
            done = self._draining and not self._calls
            self._draining = self._draining and not done
        if done:
            self._send(WorkerFrame(drained={}))  # the host ends the stream when it has received this frame


@waits
def _join(thread: threading.Thread) -> None:
    thread.join()


def _ignore(kind: HostFrameField | None, frame: HostFrame) -> None:
    """Drop a frame that an executor got for a call other than its running one: that other call has ended."""
