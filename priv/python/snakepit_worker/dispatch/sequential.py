"""Frames to calls: one call at a time, on the thread that reads the frames."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterator
from typing import Any, NoReturn, Self

from ..api.cancelled import CallCancelled
from ..api.context import Context
from ..api.session import Session
from ..interrupts.main_thread import Interrupts
from ..payloads import codec
from ..protocol.messages import Failure, WorkerFrame
from ..tools.signature import Tool
from .answer_frames import Answers, HostGone, failure
from .catalog import REFUSALS, Catalog, refusal
from .host_call_frames import Questions, outcome, taken_back
from .sessions import Sessions

Send = Callable[[Any], None]

_LOG = logging.getLogger("snakepit.worker")
_END = object()
# The worker's own frames above a tool's in a traceback: the dispatcher's, and Interrupts.run.
_OWN_FRAMES = 2


class Dispatcher:
    """Runs plain tools. While one waits for credit or the host, it reads and serves the frames that come between."""

    _worker: int
    _interrupts: Interrupts

    def __init__(
        self,
        tools: list[Tool],
        max_payload: int,
        questions: Questions | None = None,
        session_of: Callable[[Any], Session | None] | None = None,
    ) -> None:
        """Serve ``tools``; a result or chunk over ``max_payload`` bytes is refused.

        A dispatcher that is one of several shares their ``questions`` and asks ``session_of`` for a call's session.
        """
        self._catalog = Catalog(tools)
        self._answers = Answers(max_payload)
        self._questions = questions or Questions(max_payload)
        self._sessions = Sessions()
        self._session_of = session_of or self._sessions.of
        self._draining = False
        self._running: Any = None
        self._credit = 0
        self._thread = 0
        self._frames: Iterator[Any] = iter(())
        self._send: Send = lambda _: None

    def become(self, worker: int, interrupts: Interrupts) -> Self:
        """Be the one of ``worker``, whose cancellations come from ``interrupts``; before this, it runs nothing."""
        self._worker = worker
        self._interrupts = interrupts
        return self

    def serve(self, frames: Iterator[Any], send: Send) -> None:
        """Answer frames until the host ends the stream."""
        self.attach(frames, send)
        try:
            for frame in frames:
                kind = frame.WhichOneof("frame")
                if kind == "call":
                    self.serve_call(frame.call)
                else:
                    self._serve_between(kind, frame)
                if self._draining:
                    self._draining = False
                    send(WorkerFrame(drained={}))  # the host ends the stream when this, and all before it, has arrived
        except HostGone as gone:
            if gone.__cause__ is not None:
                raise gone.__cause__ from None

    def attach(self, frames: Iterator[Any], send: Send) -> None:
        """Take frames from here, on this thread, from now on."""
        self._frames = frames
        self._send = send
        self._thread = threading.get_ident()

    def serve_call(self, call: Any) -> None:
        """Run a call and answer it; raises HostGone if the frames end before."""
        self._running = call
        try:
            found = self._catalog.find(call)
            context = self._context(call) if found.takes_context else None
            arguments = found.bind(codec.decode_object(call.arguments), context)
        except REFUSALS as error:
            self._send(refusal(call, error))
            return
        if call.streaming:
            self._stream(call, found, arguments)
        else:
            self._send(self._answer(call, found, arguments))

    def is_cancelled(self, call: Any) -> bool:
        """Tell whether the host has given this call up."""
        return self._interrupts.is_cancelled(call.id)

    def ask(self, call: Any, tool: str, arguments: dict[str, Any]) -> Any:
        """Run a tool of the host for the running ``call`` and return its answer."""
        if threading.get_ident() != self._thread:
            raise RuntimeError("ctx.host.call works only on the thread that runs the tool")
        if self._running is not call:
            raise RuntimeError(f"call {call.id} has ended: its context cannot call the host any more")
        question = self._questions.ask(call.id, tool, arguments)
        return self._interrupts.pause(self._exchange, call, tool, question)

    def _context(self, call: Any) -> Context:
        session = self._session_of(call) if call.HasField("session") else None
        return Context(self._worker, call.id, call.timeout_ms, _Running(self, call), session)

    def _serve_between(self, kind: str, frame: Any) -> None:
        """Deal with a frame that no call waits for."""
        if kind == "ping":
            self._send(WorkerFrame(pong={"sequence": frame.ping.sequence}))
        elif kind == "list_tools":
            self._send(self._catalog.listed())
        elif kind == "drain":
            self._draining = True
        elif kind == "end_session":
            self._sessions.end(frame.end_session.id)
        elif self._running is None:
            pass
        elif kind == "credit" and frame.credit.call == self._running.id:
            self._credit += frame.credit.chunks
        elif kind == "cancel" and frame.cancel.call == self._running.id:
            self._interrupts.cancel(frame.cancel.call)
        # A cancel, credit or answer that is late by one call means nothing any more.

    def _answer(self, call: Any, found: Tool, arguments: Any) -> Any:
        if self._interrupts.is_cancelled(call.id):
            return failure(call.id, Failure.CANCELLED, "cancelled before it ran")
        try:
            value = self._interrupts.run(call.id, found.function, **arguments)
        except HostGone:
            raise
        except BaseException as error:  # whatever a tool raises is its caller's, SystemExit included
            return self._failed(call, error)
        return self._answers.value(call, value, "result")

    def _stream(self, call: Any, found: Tool, arguments: Any) -> None:
        interrupts = self._interrupts
        self._credit = call.credit
        generator = last = None
        try:
            generator = found.function(**arguments)
            while last is None:
                while self._credit == 0 and not interrupts.is_cancelled(call.id):
                    self._read_one()
                if interrupts.is_cancelled(call.id):
                    last = failure(call.id, Failure.CANCELLED, "cancelled between two chunks")
                elif (value := interrupts.run(call.id, next, generator, _END)) is _END:
                    last = WorkerFrame(result={"call": call.id})
                else:
                    frame = self._answers.value(call, value, "chunk")
                    if frame.HasField("failure"):
                        last = frame
                    else:
                        self._send(frame)
                        self._credit -= 1
        except HostGone:
            raise
        except BaseException as error:  # as above
            last = self._failed(call, error)
        finally:
            if generator is not None:
                self._close(call, generator)
        self._send(last)

    def _read_one(self) -> None:
        frame = self._next_frame()
        self._serve_between(frame.WhichOneof("frame"), frame)

    def _next_frame(self) -> Any:
        try:
            return next(self._frames)
        except StopIteration:
            raise HostGone from None
        except Exception as error:  # the transport's own; serve raises it again
            raise HostGone from error

    def _exchange(self, call: Any, tool: str, question: Any) -> Any:
        """Send a question and read frames until its answer comes."""
        if self._interrupts.is_cancelled(call.id):
            raise CallCancelled(f"call {call.id} was cancelled by the host")
        self._send(question)
        while True:
            frame = self._next_frame()
            kind = frame.WhichOneof("frame")
            if kind == "host_answer" and frame.host_answer.id == question.host_call.id:
                return outcome(tool, frame.host_answer)
            self._serve_between(kind, frame)
            if self._interrupts.is_cancelled(call.id):
                self._send(taken_back(question))
                raise CallCancelled(f"call {call.id} was cancelled by the host")

    def _close(self, call: Any, generator: Any) -> None:
        """End a stream before its time; one that has ended, by itself or by raising, is left as it is."""
        try:
            generator.close()
        except (CallCancelled, HostGone):
            pass  # it wanted to tell the host something that the host does not want to know any more
        except BaseException:  # the call has failed already, or nobody waits for it any more
            _LOG.warning("tool %r: closing its generator failed", call.tool, exc_info=True)

    def _failed(self, call: Any, error: BaseException) -> Any:
        if isinstance(error, CallCancelled) and self._interrupts.is_cancelled(call.id):
            return failure(call.id, Failure.CANCELLED, "cancelled while it ran")
        return self._answers.raised(call, error, _OWN_FRAMES)


class _Running:
    """The call of a plain tool, as its context knows it."""

    __slots__ = ("_call", "_dispatcher")

    def __init__(self, dispatcher: Dispatcher, call: Any) -> None:
        self._dispatcher = dispatcher
        self._call = call

    def is_cancelled(self) -> bool:
        return self._dispatcher.is_cancelled(self._call)

    def ask(self, tool: str, arguments: dict[str, Any]) -> Any:
        return self._dispatcher.ask(self._call, tool, arguments)

    async def ask_async(self, tool: str, arguments: dict[str, Any]) -> NoReturn:
        raise RuntimeError("ctx.host.call_async is for async def tools; this one is plain: use ctx.host.call")
