"""A call of an async tool, which runs as a task on the event loop."""

from __future__ import annotations

import asyncio
import functools
import logging
from collections.abc import AsyncGenerator, Callable, Mapping
from typing import TYPE_CHECKING, Any, NoReturn

from ..api.cancelled import CallCancelled
from ..api.log import WORKER_LOG
from ..process import forks
from ..process.forks import own
from ..process.own_frames import runs_adapter_on_loop
from ..protocol.frames import Failure, WorkerFrame
from ..tools.tool import Tool
from .answer_frames import AnswerFrames, failure
from .host_call_frames import HostCallFrames, value_of
from .loop_watch import LoopWatch
from .reports import report

if TYPE_CHECKING:
    import contextvars

    from ..protocol.frames import Call, HostAnswer, HostFrame
    from ..protocol.streams import Frame, Send
    from ..telemetry.recorder import Recorder
    from .executor_work import ExecutorWork, Work

_END = object()
# The number of the worker's stack frames that precede a tool's frames in a traceback: one method of TaskCall.
_OWN_FRAMES = 1
_PATIENCE = 0.5  # seconds after which the log tells what a cancelled call has left running


class _Raised:
    """The result of a task whose tool has raised ``error``. If a task raised SystemExit itself, the loop would end."""

    def __init__(self, error: BaseException) -> None:
        if not own[0]:
            forks.leave(error)
        self.error = error


class TaskCall:
    """One call of an async function or async generator.

    Its methods run on the event loop's thread, unless their docstrings say otherwise. ``was_interrupted`` is True once
    the signal handler has raised CallCancelled in the tool's code. ``is_closing`` is True while the tool's generator
    cleans up, which must not be interrupted.
    """

    def __init__(
        self,
        call: Call,
        loop: asyncio.AbstractEventLoop,
        watch: LoopWatch,
        work: ExecutorWork,
        answers: AnswerFrames,
        host_calls: HostCallFrames,
        send: Send,
        ended: Callable[[TaskCall, asyncio.Task[Any]], None],
        failed: Callable[[BaseException], None],
        context: contextvars.Context,
    ) -> None:
        """Prepare ``call``, which ``start`` runs in ``context``; ``ended`` is called when its answer has been sent.

        If the answer cannot be sent, ``failed`` is called too. Arguments and answer are made in ``context`` too.
        """
        self.id: int = call.id
        self.was_interrupted = False
        self.is_closing = False
        self._call = call
        self._loop = loop
        self._watch = watch
        self._work = work
        self._answers = answers
        self._host_calls = host_calls
        self._send = send
        self._on_ended = ended
        self._failed = failed
        self.context = context
        self._credit = call.credit
        self._more_credit = asyncio.Event()
        self._awaited: dict[int, asyncio.Future[HostAnswer]] = {}
        self.recorder: Recorder | None = None  # set by the dispatcher if the tool takes a context
        self._cancelled = False
        self._task_was_cancelled = False
        self._given_up_before: set[Work] | None = None  # by other calls, when the task was cancelled
        self._ended = False
        self._task: asyncio.Task[Any] | None = None

    def start(self, found: Tool, arguments: Mapping[str, Any]) -> asyncio.Task[Any]:
        """Start the task that runs the tool ``found``, and return the task."""
        run = self._stream if self._call.streaming else self._run
        if self.recorder is not None:
            self.context.run(self.recorder.enter)
        # create_task() would call the task factory that a tool has set, which may expect a context of the tool's, or
        # run the task before this method has returned.
        self._task = asyncio.Task(run(found, arguments), loop=self._loop, context=self.context)
        self._task.add_done_callback(self._answer, context=self.context)
        if self._cancelled:
            self._cancel_task()
        return self._task

    def cancel(self, frame: HostFrame | None = None) -> None:
        """Cancel the call. This method may be called on any thread.

        Only the first cancellation has an effect, because a second one would interrupt the code that handles the first.
        """
        if not self._cancelled:
            self._cancelled = True
            self._call_soon(self._cancel_task)

    def needs_interruption(self) -> bool:
        """Tell whether only an interruption can end the call, which is cancelled. Any thread may call this method."""
        return not self.is_closing and self.blocks_loop()

    def blocks_loop(self) -> bool:
        """Tell whether the loop has been waiting for some time for this call to reach an ``await``.

        This method is called each time the host repeats the cancellation, on any thread or in a signal handler.
        """
        return self._watch.is_blocked() and asyncio.current_task(self._loop) is self._task

    def interrupt(self) -> None:
        """Cancel the call. If it blocks the loop, the handler of SIGIO, not this method, interrupts it."""
        self.cancel()

    def deliver(self, frame: HostFrame) -> None:
        """Pass on a frame about this call. This method may be called on any thread."""
        self._call_soon(self._take, frame)

    def is_cancelled(self) -> bool:
        """Tell whether the host has cancelled this call."""
        return self._cancelled

    def call_host(self, tool: str, arguments: dict[str, Any]) -> NoReturn:
        """Raise an error, because waiting for the host's answer would block the event loop."""
        raise RuntimeError(
            "ctx.host.call would block the event loop; an async def tool awaits ctx.host.call_async instead"
        )

    async def call_host_async(self, tool: str, arguments: dict[str, Any]) -> Any:
        """Run a host tool and await its answer."""
        if asyncio.get_running_loop() is not self._loop:
            raise RuntimeError("ctx.host.call_async works only on the event loop that runs the tool")
        forks.refuse_in_forks("ctx.host.call_async")
        if self._ended:
            raise RuntimeError(f"call {self.id} has ended: its context cannot call the host any more")
        if self._cancelled:
            raise CallCancelled(f"call {self.id} was cancelled by the host")
        request = self._host_calls.request(self.id, tool, arguments)
        request_id = request.host_call.id
        answer = self._awaited[request_id] = self._loop.create_future()
        if self.recorder is not None:
            self.recorder.tell_with_host_call(request)
        try:
            self._send(request)
            return value_of(tool, await answer)
        finally:
            del self._awaited[request_id]
            if not answer.done() or answer.cancelled():
                self._send(self._host_calls.withdrawal(request_id))

    def _call_soon(self, callback: Callable[..., Any], *arguments: Any) -> None:
        try:
            self._loop.call_soon_threadsafe(callback, *arguments)
        except RuntimeError:
            pass  # the loop is closed, because the host has gone

    def _cancel_task(self) -> None:
        # If a signal handler has raised CallCancelled in the tool's code, the task needs no other cancellation.
        if self._ended:
            return
        if self._task is not None and not self._task_was_cancelled and not self.was_interrupted:
            self._task_was_cancelled = True
            self._given_up_before = self._work.given_up()
            self._task.cancel()

    def _take(self, frame: HostFrame) -> None:
        if frame.WhichOneof("frame") == "credit":
            self._credit += frame.credit.chunks
            self._more_credit.set()
        else:
            answer = self._awaited.get(frame.host_answer.id)
            if answer is not None and not answer.done():
                answer.set_result(frame.host_answer)

    @runs_adapter_on_loop
    async def _run(self, found: Tool, arguments: Mapping[str, Any]) -> Frame | _Raised:
        if self._cancelled:
            return self._cancelled_early()
        try:
            value = await found.function(**arguments)
            if not own[0]:
                forks.leave()
            return self._answers.result(self._call, value)
        except BaseException as error:  # the caller gets whatever a tool raises, SystemExit included
            return _Raised(error)

    @runs_adapter_on_loop
    async def _stream(self, found: Tool, arguments: Mapping[str, Any]) -> Frame | _Raised:
        if self._cancelled:
            return self._cancelled_early()
        generator = None
        try:
            generator = found.stream(**arguments)
            while True:
                while self._credit == 0:
                    self._more_credit.clear()
                    await self._more_credit.wait()
                value = await anext(generator, _END)
                if not own[0]:
                    forks.leave()
                if value is _END:
                    return WorkerFrame(result={"call": self.id})
                chunk = self._answers.chunk(self._call, value)
                self._send(chunk if self.recorder is None else self.recorder.tell_with(chunk))
                self._credit -= 1
        except BaseException as error:  # the caller gets whatever a tool raises, SystemExit included
            return _Raised(error)
        finally:
            if generator is not None:
                await self._close(generator)

    def _cancelled_early(self) -> WorkerFrame:
        return failure(self.id, Failure.CANCELLED, "cancelled before it ran")

    @runs_adapter_on_loop
    async def _close(self, generator: AsyncGenerator[Any, Any]) -> None:
        """Close a generator, which runs its pending ``finally`` blocks. A generator that has ended has none."""
        self.is_closing = True
        try:
            await generator.aclose()
        except (CallCancelled, asyncio.CancelledError):
            pass  # while it closed, the generator awaited something, but the call is cancelled
        except BaseException as error:  # the call's answer has been chosen already, so this error is only logged
            if not own[0]:
                forks.leave(error)
            report(logging.WARNING, "tool %r: closing its generator failed", self._call.tool)

    def _answer(self, task: asyncio.Task[Any]) -> None:
        self._ended = True
        for awaited in self._awaited.values():
            awaited.cancel()  # a task that the tool has left behind may still await this answer from the host
        if self._given_up_before is not None and self._waits_for_work(self._given_up_before, task):
            return
        try:
            answer = self._answer_of(task)
            if self.was_interrupted:
                answer.interrupted = True
            try:
                self._send(answer if self.recorder is None else self.recorder.end_with(answer))
            except MemoryError as error:
                self._send(self._answers.smaller(self._call, answer, error))
        except Exception as error:
            self._failed(error)
        finally:
            self._on_ended(self, task)
            # A tool may keep its context, and with it this object, which must not keep the call's arguments, nor the
            # tool's context variables. The task keeps the error of the tool, whose traceback refers to the arguments.
            del self._call, self.context
            self._task = None

    def _waits_for_work(self, given_up_before: set[Work], task: asyncio.Task[Any]) -> bool:
        """Answer only when the work has ended that the cancelled task has left running in executors, if there is any.

        So it does not run beside a next call, and the host ends this worker if the work goes on beyond CancelGrace.
        """
        self._given_up_before = None
        left = self._work.given_up() - given_up_before
        if left:
            self._work.when_ended(left, functools.partial(self._answer, task))
            self._loop.call_later(_PATIENCE, self._tell_of, left)
        return bool(left)

    def _tell_of(self, left: set[Work]) -> None:
        if left:
            WORKER_LOG.warning(
                "tool %r was cancelled, but what it has started in an executor runs on: %s",
                *(self._call.tool, self._work.names_of(left)),
            )

    def _answer_of(self, task: asyncio.Task[Any]) -> Frame:
        error = _error_of(task)
        if error is None:
            return task.result()
        if self._cancelled and issubclass(type(error), (asyncio.CancelledError, CallCancelled)):
            return failure(self.id, Failure.CANCELLED, "cancelled while it ran")
        return self._answers.failed(self._call, error, _OWN_FRAMES)


def _error_of(task: asyncio.Task[Any]) -> BaseException | None:
    try:
        result = task.result()
    except BaseException as error:
        return error
    return result.error if isinstance(result, _Raised) else None
