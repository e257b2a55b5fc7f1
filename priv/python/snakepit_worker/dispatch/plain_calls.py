"""Runs the calls of plain (synchronous) tools: functions and generators that are not ``async``."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Generator, Mapping
from typing import TYPE_CHECKING, Any, NoReturn

from ..api.cancelled import CallCancelled
from ..api.context import Context
from ..process import forks
from ..process.forks import own
from ..process.own_frames import calls_adapter
from ..protocol.frames import Failure, WorkerFrame
from ..tools.tool import Tool
from .answer_frames import failure
from .catalog import REFUSALS, arguments_of, refusal
from .plain_call_channel import HostGone, PlainCallChannel
from .recording import every_call, recorder_of
from .reports import report
from .toolset import Toolset

if TYPE_CHECKING:
    import contextvars

    from ..api.session import Session
    from ..interrupts.interface import Interrupts
    from ..protocol.frames import Call
    from ..protocol.streams import Frame
    from ..telemetry.recorder import Recorder

_END = object()
# The number of the worker's stack frames that precede a tool's frames in a traceback: a method of PlainCallRunner, and
# Interrupts.run.
_OWN_FRAMES = 2


class PlainCallRunner:
    """Runs one call of a plain tool at a time, on the thread that calls ``run``."""

    def __init__(
        self,
        worker: int,
        toolset: Toolset,
        interrupts: Interrupts,
        channel: PlainCallChannel,
        new_context: Callable[[], contextvars.Context],
    ) -> None:
        """Run the tools of ``toolset`` in the worker with this number; frames are exchanged through ``channel``.

        Each call runs in a context that ``new_context`` has made for it, with the code of the adapter that makes its
        arguments, its chunks and its answer: a class of the user's may set or read context variables too.
        """
        self._worker = worker
        self._catalog = toolset.catalog
        self._answers = toolset.answers
        self._interrupts = interrupts
        self._channel = channel
        self._new_context = new_context
        self._running = 0  # id of the call that runs; 0 if there is none
        self._recorder: Recorder | None = None  # of the call that runs

    def run(self, call: Call, session_of: Callable[[Call], Session | None]) -> None:
        """Run a call and send its answer. Raises HostGone if the host's stream ends before the call does."""
        self._new_context().run(self._run, call, session_of)

    def _run(self, call: Call, session_of: Callable[[Call], Session | None]) -> None:
        self._running = call.id
        try:
            found = self._catalog.find(call)
            context = self._context(call, session_of) if found.takes_context else None
            if every_call:
                self._recorder = self._recorder or recorder_of(call)
            attachments = call.attachments.items if call.HasField("attachments") else ()
            arguments = found.bind(arguments_of(call, found, attachments), context, bool(attachments))
        except REFUSALS as error:
            self._recorder = None
            self._channel.send(refusal(call, error))
            return
        except MemoryError as error:  # there is no room for the arguments
            self._recorder = None
            self._channel.send(self._answers.failed(call, error, own_frames=0))
            return
        if self._recorder is not None:
            self._recorder.enter()
        answer = self._stream(call, found, arguments) if call.streaming else self._answer(call, found, arguments)
        del attachments, arguments  # they may be views of shared memory, of which the answer tells
        if self._interrupts.has_interrupted:
            answer.interrupted = True
        recorder, self._recorder = self._recorder, None
        try:
            self._channel.send(answer if recorder is None else recorder.end_with(answer))
        except MemoryError as error:
            self._channel.send(self._answers.smaller(call, answer, error))
        self._running = 0

    def is_cancelled(self, call_id: int) -> bool:
        """Tell whether the host has cancelled this call."""
        return self._interrupts.is_cancelled(call_id)

    def call_host(self, call_id: int, tool: str, arguments: dict[str, Any]) -> Any:
        """Run a host tool for the call ``call_id``, which must be the running call, and return the answer."""
        forks.refuse_in_forks("ctx.host.call")
        if self._running != call_id:
            raise RuntimeError(f"call {call_id} has ended: its context cannot call the host any more")
        return self._channel.call_host(tool, arguments, self._recorder)

    def _context(self, call: Call, session_of: Callable[[Call], Session | None]) -> Context:
        self._channel.begin(call)
        session = session_of(call) if call.HasField("session") else None
        self._recorder = recorder_of(call)
        running = _RunningPlainCall(self, call.id, self._recorder)
        return Context(self._worker, call.id, call.timeout_ms, running, session)

    def _answer(self, call: Call, found: Tool, arguments: Mapping[str, Any]) -> Frame:
        call_id, interrupts = call.id, self._interrupts
        if interrupts.is_cancelled(call_id):
            return failure(call_id, Failure.CANCELLED, "cancelled before it ran")
        try:
            value = interrupts.run(call_id, found.function, **arguments)
            if not own[0]:
                forks.leave()
            return self._answers.result(call, value)
        except HostGone:
            raise
        except BaseException as error:  # the caller gets whatever a tool raises, SystemExit included
            return self._failed(call, error)

    def _stream(self, call: Call, found: Tool, arguments: Mapping[str, Any]) -> Frame:
        interrupts, channel = self._interrupts, self._channel
        generator = None
        channel.begin(call)
        interrupts.is_stream = True
        try:
            generator = interrupts.run(call.id, found.stream, **arguments)
            while True:
                channel.wait_for_credit()
                if interrupts.is_cancelled(call.id):
                    return failure(call.id, Failure.CANCELLED, "cancelled between two chunks")
                value = interrupts.run(call.id, next, generator, _END)
                if not own[0]:
                    forks.leave()
                if value is _END:
                    return WorkerFrame(result={"call": call.id})
                chunk = self._answers.chunk(call, value)
                channel.send_chunk(chunk if self._recorder is None else self._recorder.tell_with(chunk))
        except HostGone:
            raise
        except BaseException as error:  # the caller gets whatever a tool raises, SystemExit included
            return self._failed(call, error)
        finally:
            interrupts.is_stream = False
            if generator is not None:
                self._close(call, generator)

    @calls_adapter
    def _close(self, call: Call, generator: Generator[Any, Any, Any]) -> None:
        """Close a generator, which runs its pending ``finally`` blocks. A generator that has ended has none."""
        try:
            generator.close()
        except (CallCancelled, HostGone):
            pass  # while it closed, the generator called the host, but the call is cancelled or the host has gone
        except BaseException as error:  # the call's answer has been chosen already, so this error is only logged
            if not own[0]:
                forks.leave(error)
            report(logging.WARNING, "tool %r: closing its generator failed", call.tool)

    def _failed(self, call: Call, error: BaseException) -> Frame:
        if not own[0]:
            forks.leave(error)
        # isinstance would ask the error itself, which may be of a class of the user's.
        if issubclass(type(error), CallCancelled) and self._interrupts.is_cancelled(call.id):
            return failure(call.id, Failure.CANCELLED, "cancelled while it ran")
        return self._answers.failed(call, error, _OWN_FRAMES)


class _RunningPlainCall:
    """What the Context of a plain tool uses to reach its call. It is created on the thread that runs the tool.

    A tool may keep its context, so this object knows only the number of the call, and not the call with its arguments.
    """

    __slots__ = ("_call_id", "_runner", "_thread", "recorder")

    def __init__(self, runner: PlainCallRunner, call_id: int, recorder: Recorder | None) -> None:
        self.recorder = recorder
        self._runner = runner
        self._call_id = call_id
        self._thread = threading.get_ident()

    def is_cancelled(self) -> bool:
        return self._runner.is_cancelled(self._call_id)

    def call_host(self, tool: str, arguments: dict[str, Any]) -> Any:
        if threading.get_ident() != self._thread:
            raise RuntimeError("ctx.host.call works only on the thread that runs the tool")
        return self._runner.call_host(self._call_id, tool, arguments)

    async def call_host_async(self, tool: str, arguments: dict[str, Any]) -> NoReturn:
        raise RuntimeError("ctx.host.call_async is for async def tools; this one is plain: use ctx.host.call")
