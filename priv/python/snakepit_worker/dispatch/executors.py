"""Lanes: where plain tools run one after another beside other calls.

A lane is a Dispatcher over those frames of the stream that are about its call. The one of a thread interrupts it as
threads can be interrupted; the one of the main thread is called by the event loop, and blocks it.
"""

from __future__ import annotations

import logging
import queue
import threading
from collections.abc import Callable
from typing import Any

from ..interrupts.thread import ThreadInterrupts
from .answer_frames import HostGone
from .sequential import Dispatcher, Send

_LOG = logging.getLogger("snakepit.worker")

MakeDispatcher = Callable[[Any], Dispatcher]


class ThreadLane:
    """A thread of its own for one plain call at a time."""

    def __init__(self, number: int, make_dispatcher: MakeDispatcher, send: Send) -> None:
        """Start the thread; it ends with the process."""
        self._frames: queue.SimpleQueue[Any] = queue.SimpleQueue()
        self._interrupts = ThreadInterrupts()
        self._dispatcher = make_dispatcher(self._interrupts)
        self._send = send
        threading.Thread(target=self._run, name=f"snakepit-tools-{number}", daemon=True).start()

    def begin(self, frame: Any, cancelled: bool) -> None:
        """Run the call in ``frame`` next: the one before has been answered."""
        self._interrupts.forget()
        if cancelled:
            self._interrupts.cancel(frame.call.id)
        self._frames.put(frame)

    def deliver(self, frame: Any) -> None:
        """Hand over a frame about the call that runs."""
        self._frames.put(frame)

    def interrupt(self, call_id: int, wait: bool = True) -> None:
        """Raise CallCancelled in the call if its tool runs."""
        self._interrupts.interrupt(call_id, wait)

    def close(self) -> None:
        """There are no more frames."""
        self._frames.put(None)

    def _run(self) -> None:
        self._interrupts.adopt_this_thread()
        try:
            self._dispatcher.serve(iter(self._frames.get, None), self._send)
        except BaseException:
            _LOG.critical("a thread for tools has failed", exc_info=True)
            raise


class MainLane:
    """The main thread, for plain tools among async ones: there a signal interrupts whatever they wait for."""

    def __init__(self, interrupts: Any, make_dispatcher: MakeDispatcher, call_soon: Callable[..., Any]) -> None:
        """Let ``call_soon``, the event loop's, run the calls. Main thread only."""
        self._frames: queue.SimpleQueue[Any] = queue.SimpleQueue()
        self._interrupts = interrupts
        self._dispatcher = make_dispatcher(interrupts)
        self._call_soon = call_soon

    def attach(self, send: Send) -> None:
        """Answer by ``send``."""
        self._dispatcher.attach(iter(self._frames.get, None), send)

    def begin(self, frame: Any, cancelled: bool) -> None:
        """Run the call in ``frame`` when the loop gets to it."""
        if cancelled:
            self._interrupts.cancel(frame.call.id)
        self._call_soon(self._run, frame)

    def deliver(self, frame: Any) -> None:
        """Hand over a frame about the call that runs."""
        self._frames.put(frame)

    def interrupt(self, call_id: int, wait: bool = True) -> None:
        """Note that the call is cancelled; the signal that tells so raises it."""
        self._interrupts.cancel(call_id)

    def close(self) -> None:
        """There are no more frames."""
        self._frames.put(None)

    def _run(self, frame: Any) -> None:
        try:
            self._dispatcher.serve_call(frame.call)
        except HostGone:
            pass  # the loop is about to end as well
        self._forget_late_frames()

    def _forget_late_frames(self) -> None:
        while not self._frames.empty():
            if self._frames.get_nowait() is None:
                self._frames.put(None)
                return
