"""Frames to calls, several at a time or ``async``: a thread reads the frames, the main thread runs an event loop.

Async tools are tasks of the loop. Plain tools run on threads; where the worker takes one call at a time they run on the
main thread too, between the loop's turns, because only there can everything that blocks be interrupted.
"""

from __future__ import annotations

import asyncio
import contextvars
import logging
import sys
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from types import FrameType
from typing import Any

from . import answers
from .answers import Refused, Toolbox
from .cancellation import CallCancelled, CancelSignals, is_handling_cancellation
from .context import Context
from .host import Host
from .protocol import WorkerFrame
from .session import Session, Sessions
from .threads import Interruptible
from .tool import Tool

Send = Callable[[Any], None]

_LOG = logging.getLogger("snakepit.worker")
_END = object()
# The worker's own frames above a tool's in a traceback: of a plain tool, and of an async one.
_OWN_FRAMES = 3
_OWN_FRAMES_ASYNC = 2
# How long what still runs may take to clean up when the host has gone, in seconds.
_GRACE = 1.0
# Packages that a cancellation must not tear apart: ours, and the event loop's.
_UNTOUCHABLE = ("asyncio", "selectors", "concurrent", "threading", "snakepit_worker")


class _Running:
    """A call between its frame and its answer."""

    def __init__(self, call: Any) -> None:
        self.call = call
        self.tool: Tool | None = None  # until it is checked
        self.arguments: Any = None
        self.cancelled = False
        self.credit = call.credit
        self.questions: dict[int, _Question] = {}
        # For a plain tool: who waits for credit or the host sleeps on this.
        self.changed = threading.Condition()
        self.interruptible = Interruptible()
        # For an async tool.
        self.task: asyncio.Task[None] | None = None
        self.has_begun = False
        self.granted = asyncio.Event()


class _Question:
    """A host call that waits for its answer."""

    def __init__(self, future: asyncio.Future[Any] | None = None) -> None:
        self.future = future
        self.answer: Any = None


class ConcurrentDispatcher:
    """Runs up to ``capacity`` calls at once."""

    def __init__(self, worker: int, tools: list[Tool], control: Any, max_payload: int, capacity: int) -> None:
        """Serve ``tools`` as ``worker``, whose cancellations arrive on ``control``. Main thread only."""
        self._worker = worker
        self._toolbox = Toolbox(tools, max_payload)
        self._sessions = Sessions()
        self._loop = asyncio.new_event_loop()
        self._threads = ThreadPoolExecutor(capacity, thread_name_prefix="snakepit-tool") if capacity > 1 else None
        self._running: dict[int, _Running] = {}
        self._inline: _Running | None = None  # the plain tool that the main thread runs now
        self._sending = threading.Lock()
        self._ending = threading.Lock()
        self._draining = False
        self._host_calls = 0
        self._send_frame: Send = lambda _: None
        self._signals = CancelSignals(control, self._on_cancelled)

    def serve(self, frames: Iterator[Any], send: Send) -> None:
        """Answer frames until the host ends the stream. Main thread only."""
        self._send_frame = send
        asyncio.set_event_loop(self._loop)
        gone = self._loop.create_future()
        threading.Thread(target=self._read, args=(frames, gone), name="snakepit-reader", daemon=True).start()
        try:
            self._loop.run_until_complete(gone)
        finally:
            self._loop.run_until_complete(self._end())
            self._signals.stop()
            self._loop.close()

    def session_of(self, call: Any) -> Session | None:
        """Return the call's session, if it has one."""
        return self._sessions.of(call)

    def host_of(self, call: Any) -> Host:
        """Return what the call's tool asks the host by."""
        running = self._running.get(call.id)

        def ask(tool: str, arguments: bytes) -> Any:
            return self._ask(_still(running, tool), tool, arguments)

        async def ask_async(tool: str, arguments: bytes) -> Any:
            return await self._ask_async(_still(running, tool), tool, arguments)

        return Host(ask, ask_async, self._toolbox.max_payload)

    def is_cancelled(self, call_id: int) -> bool:
        """Tell whether the host has given the call up."""
        running = self._running.get(call_id)
        return running is None or running.cancelled

    # The reader's thread.

    def _read(self, frames: Iterator[Any], gone: asyncio.Future[None]) -> None:
        try:
            for frame in frames:
                self._take(frame)
        except Exception as error:  # for the main thread to raise, where the transport knows what it means
            self._loop.call_soon_threadsafe(_complete, gone, error)
        else:
            self._loop.call_soon_threadsafe(_complete, gone, None)

    def _take(self, frame: Any) -> None:
        kind = frame.WhichOneof("frame")
        if kind == "call":
            self._begin(frame.call)
        elif kind == "cancel":
            if (running := self._running.get(frame.cancel.call)) is not None:
                self._cancel(running)
        elif kind == "credit":
            if (running := self._running.get(frame.credit.call)) is not None:
                self._grant(running, frame.credit.chunks)
        elif kind == "host_answer":
            self._answered(frame.host_answer)
        elif kind == "ping":
            self._send(WorkerFrame(pong={"sequence": frame.ping.sequence}))
        elif kind == "list_tools":
            self._send(self._toolbox.described())
        elif kind == "end_session":
            self._sessions.end(frame.end_session.key)
        elif kind == "drain":
            with self._ending:
                self._draining = True
            self._tell_if_drained()

    def _begin(self, call: Any) -> None:
        running = _Running(call)
        self._running[call.id] = running
        try:
            found, running.arguments = self._toolbox.prepare(call, Context(self._worker, call, self))
        except Refused as refused:
            self._finish(running, refused.failure)
            return
        running.tool = found
        if found.is_async:
            self._loop.call_soon_threadsafe(self._begin_task, running)
        elif self._threads is not None:
            self._threads.submit(contextvars.Context().run, self._run_plain, running, running.interruptible.run)
        else:
            self._loop.call_soon_threadsafe(self._run_inline, running)

    def _cancel(self, running: _Running) -> None:
        with running.changed:
            running.cancelled = True
            running.changed.notify_all()
        self._loop.call_soon_threadsafe(_cancel_task, running)

    def _grant(self, running: _Running, chunks: int) -> None:
        with running.changed:
            running.credit += chunks
            running.changed.notify_all()
        self._loop.call_soon_threadsafe(running.granted.set)

    def _answered(self, answer: Any) -> None:
        for running in list(self._running.values()):
            question = running.questions.pop(answer.id, None)
            if question is None:
                continue
            with running.changed:
                question.answer = answer
                running.changed.notify_all()
            if question.future is not None:
                self._loop.call_soon_threadsafe(_complete, question.future, None, answer)

    # Any thread.

    def _send(self, frame: Any) -> None:
        with self._sending:
            self._send_frame(frame)

    def _finish(self, running: _Running, last: Any) -> None:
        """Answer a call: its one Result or Failure."""
        self._send(last)
        self._running.pop(running.call.id, None)
        self._tell_if_drained()

    def _tell_if_drained(self) -> None:
        with self._ending:
            drained = self._draining and not self._running
            self._draining = self._draining and not drained
        if drained:
            self._send(WorkerFrame(drained={}))

    def _ask_for(self, running: _Running, tool: str, arguments: bytes, question: _Question) -> int:
        with self._ending:
            self._host_calls += 1
            number = self._host_calls
        running.questions[number] = question
        self._send(WorkerFrame(host_call={"id": number, "call": running.call.id, "tool": tool, "arguments": arguments}))
        return number

    def _failed(self, running: _Running, error: BaseException, own_frames: int) -> Any:
        if running.cancelled and isinstance(error, CallCancelled | asyncio.CancelledError):
            return answers.cancelled(running.call, "while it ran")
        return self._toolbox.raised(running.call, error, own_frames)

    # Plain tools: a thread of their own, or the main thread.

    def _run_inline(self, running: _Running) -> None:
        def run(function: Callable[..., Any], *arguments: Any, **named: Any) -> Any:
            self._inline = running
            try:
                return function(*arguments, **named)
            finally:
                self._inline = None

        contextvars.Context().run(self._run_plain, running, run)

    def _run_plain(self, running: _Running, run: Callable[..., Any]) -> None:
        try:
            last = self._stream(running, run) if running.call.streaming else self._result(running, run)
        except BaseException as error:  # whatever a tool raises is its caller's, SystemExit included
            last = self._failed(running, error, _OWN_FRAMES)
        self._finish(running, last)

    def _result(self, running: _Running, run: Callable[..., Any]) -> Any:
        if running.cancelled:
            return answers.cancelled(running.call, "before it ran")
        value = run(running.tool.function, **running.arguments)
        return self._toolbox.encoded(running.call, value, "result")

    def _stream(self, running: _Running, run: Callable[..., Any]) -> Any:
        generator = running.tool.function(**running.arguments)
        try:
            while True:
                with running.changed:
                    running.changed.wait_for(lambda: running.credit > 0 or running.cancelled)
                    running.credit -= 1
                if running.cancelled:
                    return answers.cancelled(running.call, "between two chunks")
                value = run(next, generator, _END)
                if value is _END:
                    return answers.end_of_stream(running.call)
                frame = self._toolbox.encoded(running.call, value, "chunk")
                if frame.HasField("failure"):
                    return frame
                self._send(frame)
        finally:
            _close(running.call, generator)

    def _ask(self, running: _Running, tool: str, arguments: bytes) -> Any:
        if running.tool is not None and running.tool.is_async:
            raise RuntimeError(f"host tool {tool!r}: an async def tool uses await ctx.host.call_async")
        if self._threads is None:
            return self._wait_for_host(running, tool, arguments)
        with running.interruptible.held_off():
            return self._wait_for_host(running, tool, arguments)

    def _wait_for_host(self, running: _Running, tool: str, arguments: bytes) -> Any:
        question = _Question()
        number = 0 if running.cancelled else self._ask_for(running, tool, arguments, question)
        with running.changed:
            running.changed.wait_for(lambda: question.answer is not None or running.cancelled)
        if question.answer is None:
            running.questions.pop(number, None)
            raise CallCancelled(f"call {running.call.id} was cancelled by the host")
        return question.answer

    # Async tools: tasks of the loop.

    def _begin_task(self, running: _Running) -> None:
        running.task = self._loop.create_task(self._run_async(running))

    async def _run_async(self, running: _Running) -> None:
        running.has_begun = True  # before that a cancelled task would end without an answer
        if running.cancelled:
            last = answers.cancelled(running.call, "before it ran")
        else:
            try:
                last = await (self._stream_async(running) if running.call.streaming else self._result_async(running))
            except BaseException as error:  # as above
                last = self._failed(running, error, _OWN_FRAMES_ASYNC)
        self._finish(running, last)

    async def _result_async(self, running: _Running) -> Any:
        value = await running.tool.function(**running.arguments)
        return self._toolbox.encoded(running.call, value, "result")

    async def _stream_async(self, running: _Running) -> Any:
        generator = running.tool.function(**running.arguments)
        try:
            while True:
                while running.credit == 0:
                    running.granted.clear()
                    if running.credit == 0:
                        await running.granted.wait()
                with running.changed:
                    running.credit -= 1
                try:
                    value = await anext(generator)
                except StopAsyncIteration:
                    return answers.end_of_stream(running.call)
                frame = self._toolbox.encoded(running.call, value, "chunk")
                if frame.HasField("failure"):
                    return frame
                self._send(frame)
                await asyncio.sleep(0)  # a generator that never waits must not keep the others from running
        finally:
            try:
                await generator.aclose()
            except BaseException:
                _LOG.warning("tool %r: closing its generator failed", running.call.tool, exc_info=True)

    async def _ask_async(self, running: _Running, tool: str, arguments: bytes) -> Any:
        if running.tool is not None and not running.tool.is_async:
            raise RuntimeError(f"host tool {tool!r}: call_async is for async def tools; use ctx.host.call here")
        question = _Question(self._loop.create_future())
        number = self._ask_for(running, tool, arguments, question)
        assert question.future is not None
        try:
            return await question.future
        finally:
            if running.questions.pop(number, None) is not None:
                self._send(WorkerFrame(host_cancel={"id": number}))

    async def _end(self) -> None:
        """The host has gone: cancel what runs and give it a moment to clean up."""
        tasks = []
        for running in list(self._running.values()):
            with running.changed:
                running.cancelled = True
                running.changed.notify_all()
            running.interruptible.interrupt()
            if running.task is not None:
                _cancel_task(running)
                tasks.append(running.task)
        if tasks:
            await asyncio.wait(tasks, timeout=_GRACE)

    # The signal handler, on the main thread, in the middle of whatever it does.

    def _on_cancelled(self, ids: list[int], frame: FrameType | None) -> None:
        interrupted: _Running | None = None
        for call_id in ids:
            running = self._running.get(call_id)
            if running is None:
                continue
            running.cancelled = True
            if running.tool is None:
                continue  # it will look before it runs
            if running.tool.is_async:
                is_current = running.task is not None and asyncio.current_task(self._loop) is running.task
                if is_current and _may_be_torn(frame):
                    interrupted = running
                else:
                    self._loop.call_soon_threadsafe(_cancel_task, running)
            elif self._threads is not None:
                running.interruptible.interrupt()
            elif self._inline is running and _may_be_torn(frame):
                interrupted = running
        if interrupted is not None:
            raise CallCancelled(f"call {interrupted.call.id} was cancelled by the host")


def _may_be_torn(frame: FrameType | None) -> bool:
    """Tell whether the interrupted code is a tool's, and not dealing with a cancellation already."""
    if frame is None or str(frame.f_globals.get("__name__")).partition(".")[0] in _UNTOUCHABLE:
        return False
    while frame is not None:
        if frame.f_code in _OWN_WORK:
            return False  # the transport sends a frame for us
        frame = frame.f_back
    handled = sys.exc_info()[1]
    return not isinstance(handled, asyncio.CancelledError) and not is_handling_cancellation(handled)


def _still(running: _Running | None, tool: str) -> _Running:
    if running is None:
        raise RuntimeError(f"host tool {tool!r}: the call that asks has ended")
    return running


def _cancel_task(running: _Running) -> None:
    """Cancel an async call that waits: once, as asyncio's tools expect it."""
    if running.task is not None and running.has_begun and not running.task.done() and not running.task.cancelling():
        running.task.cancel()


def _complete(future: asyncio.Future[Any], error: BaseException | None, value: Any = None) -> None:
    if future.done():
        return
    if error is None:
        future.set_result(value)
    else:
        future.set_exception(error)


def _close(call: Any, generator: Any) -> None:
    """End a stream before its time; one that has ended, by itself or by raising, is left as it is."""
    try:
        generator.close()
    except BaseException:  # the call has failed already, or nobody waits for it any more
        _LOG.warning("tool %r: closing its generator failed", call.tool, exc_info=True)


_OWN_WORK = {ConcurrentDispatcher._send.__code__, ConcurrentDispatcher._wait_for_host.__code__}
