"""A call of an async tool: a task on the event loop."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Mapping
from typing import Any, NoReturn

from ..api.cancelled import CallCancelled
from ..protocol.messages import Failure, WorkerFrame
from ..tools.signature import Tool
from .answer_frames import Answers, failure
from .host_call_frames import Questions, outcome, taken_back
from .sequential import Send

Ended = Callable[["asyncio.Task[Any]"], None]

_LOG = logging.getLogger("snakepit.worker")
_END = object()
# The worker's own frame above a tool's in a traceback.
_OWN_FRAMES = 1


class _Raised:
    """What a tool raised. A task that itself raised SystemExit would end the loop."""

    def __init__(self, error: BaseException) -> None:
        self.error = error


class TaskCall:
    """One call of an async function or async generator. Lives on the loop, unless a method says otherwise.

    ``was_interrupted`` says that CallCancelled has been raised in the middle of its code, ``is_closing`` that its
    generator cleans up, which no interrupt should tear.
    """

    def __init__(
        self, call: Any, loop: asyncio.AbstractEventLoop, answers: Answers, questions: Questions, send: Send
    ) -> None:
        """Prepare ``call``; ``start`` runs it."""
        self.id: int = call.id
        self.was_interrupted = False
        self.is_closing = False
        self._call = call
        self._loop = loop
        self._answers = answers
        self._questions = questions
        self._send = send
        self._credit: int = call.credit
        self._more_credit = asyncio.Event()
        self._awaited: dict[int, asyncio.Future[Any]] = {}
        self._cancelled = False
        self._was_told = False
        self._ended = False
        self._task: asyncio.Task[Any] | None = None

    def start(self, found: Tool, arguments: Mapping[str, Any], ended: Ended) -> asyncio.Task[Any]:
        """Start the task; its call has been answered before ``ended`` is called."""
        run = self._stream if self._call.streaming else self._run
        self._task = self._loop.create_task(run(found, arguments))
        self._task.add_done_callback(lambda task: self._answer(task, ended))
        if self._cancelled:
            self._cancel_task()
        return self._task

    def cancel(self) -> None:
        """Cancel the call, once: again would tear what handles the first time. On any thread, in a signal handler."""
        if not self._cancelled:
            self._cancelled = True
            self._soon(self._cancel_task)

    def deliver(self, frame: Any) -> None:
        """Hand over a frame about this call. On any thread."""
        self._soon(self._take, frame)

    def is_cancelled(self) -> bool:
        """Tell whether the host has given this call up."""
        return self._cancelled

    def ask(self, tool: str, arguments: dict[str, Any]) -> NoReturn:
        """Refuse: waiting here would stop the loop."""
        raise RuntimeError(
            "ctx.host.call would block the event loop; an async def tool awaits ctx.host.call_async instead"
        )

    async def ask_async(self, tool: str, arguments: dict[str, Any]) -> Any:
        """Run a tool of the host and await its answer."""
        if asyncio.get_running_loop() is not self._loop:
            raise RuntimeError("ctx.host.call_async works only on the event loop that runs the tool")
        if self._ended:
            raise RuntimeError(f"call {self.id} has ended: its context cannot call the host any more")
        question = self._questions.ask(self.id, tool, arguments)
        if self._cancelled:
            raise CallCancelled(f"call {self.id} was cancelled by the host")
        question_id = question.host_call.id
        answer = self._awaited[question_id] = self._loop.create_future()
        try:
            self._send(question)
            return outcome(tool, await answer)
        finally:
            del self._awaited[question_id]
            if not answer.done() or answer.cancelled():
                self._send(taken_back(question))

    def _soon(self, callback: Callable[..., Any], *arguments: Any) -> None:
        try:
            self._loop.call_soon_threadsafe(callback, *arguments)
        except RuntimeError:
            pass  # the loop is closed: the host has gone

    def _cancel_task(self) -> None:
        # One that was interrupted in the middle of its own code knows already.
        if self._task is not None and not self._was_told and not self.was_interrupted:
            self._was_told = True
            self._task.cancel()

    def _take(self, frame: Any) -> None:
        if frame.WhichOneof("frame") == "credit":
            self._credit += frame.credit.chunks
            self._more_credit.set()
        else:
            answer = self._awaited.get(frame.host_answer.id)
            if answer is not None and not answer.done():
                answer.set_result(frame.host_answer)

    async def _run(self, found: Tool, arguments: Mapping[str, Any]) -> Any:
        if self._cancelled:
            return self._cancelled_early()
        try:
            value = await found.function(**arguments)
        except BaseException as error:  # whatever a tool raises is its caller's, SystemExit included
            return _Raised(error)
        return self._answers.value(self._call, value, "result")

    async def _stream(self, found: Tool, arguments: Mapping[str, Any]) -> Any:
        if self._cancelled:
            return self._cancelled_early()
        generator = None
        try:
            generator = found.function(**arguments)
            while True:
                while self._credit == 0:
                    self._more_credit.clear()
                    await self._more_credit.wait()
                value = await anext(generator, _END)
                if value is _END:
                    return WorkerFrame(result={"call": self.id})
                frame = self._answers.value(self._call, value, "chunk")
                if frame.HasField("failure"):
                    return frame
                self._send(frame)
                self._credit -= 1
        except BaseException as error:  # as above
            return _Raised(error)
        finally:
            if generator is not None:
                await self._close(generator)

    def _cancelled_early(self) -> Any:
        return failure(self.id, Failure.CANCELLED, "cancelled before it ran")

    async def _close(self, generator: Any) -> None:
        """End a stream before its time; one that has ended, by itself or by raising, is left as it is."""
        self.is_closing = True
        try:
            await generator.aclose()
        except (CallCancelled, asyncio.CancelledError):
            pass  # it wanted to do something that nobody waits for any more
        except BaseException:  # the call has failed already, or nobody waits for it any more
            _LOG.warning("tool %r: closing its generator failed", self._call.tool, exc_info=True)

    def _answer(self, task: asyncio.Task[Any], ended: Ended) -> None:
        self._ended = True
        for answer in self._awaited.values():
            answer.cancel()  # of tasks that the tool has left behind
        try:
            self._send(self._answer_of(task))
        finally:
            ended(task)

    def _answer_of(self, task: asyncio.Task[Any]) -> Any:
        error = _error_of(task)
        if error is None:
            return task.result()
        if self._cancelled and isinstance(error, asyncio.CancelledError | CallCancelled):
            return failure(self.id, Failure.CANCELLED, "cancelled while it ran")
        return self._answers.raised(self._call, error, _OWN_FRAMES)


def _error_of(task: asyncio.Task[Any]) -> BaseException | None:
    try:
        result = task.result()
    except BaseException as error:
        return error
    return result.error if isinstance(result, _Raised) else None
