"""Executors: each runs plain tools, one call after another, while other calls run elsewhere."""

from __future__ import annotations

import logging
import queue
import threading
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any, TypeAlias, cast

from ..interrupts.thread import ThreadInterrupts
from .plain_call import PlainCall
from .plain_call_channel import HostGone

if TYPE_CHECKING:
    from ..interrupts.interface import Interrupts
    from ..interrupts.main_thread import MainThreadInterrupts
    from ..protocol.frames import HostFrame
    from ..protocol.streams import Frames
    from .plain_calls import PlainCallRunner

    MakeRunner: TypeAlias = Callable[[Interrupts, Frames], PlainCallRunner]
    Ended: TypeAlias = Callable[[PlainCall], None]

_LOG = logging.getLogger("snakepit.worker")


class ThreadExecutor:
    """Runs calls on a thread of its own."""

    def __init__(self, number: int, make_runner: MakeRunner, ended: Ended) -> None:
        """Start the thread, which ends with the process. It calls ``ended`` after each call's answer."""
        self._make_runner = make_runner
        self._ended = ended
        # A call to run, then the frames about that call while it runs; None when the thread should end.
        self._items: queue.SimpleQueue[PlainCall | HostFrame | None] = queue.SimpleQueue()
        thread = threading.Thread(target=self._run, name=f"snakepit-tools-{number}", daemon=True)
        self._interrupts = ThreadInterrupts(thread)
        thread.start()

    def begin(self, call: PlainCall) -> None:
        """Run ``call`` next; the call before it has been answered."""
        self._interrupts.forget()
        if call.is_cancelled:
            self._interrupts.cancel(call.id)
        self._items.put(call)

    def deliver(self, frame: HostFrame) -> None:
        """Hand over a frame about the call that runs."""
        self._items.put(frame)

    def interrupt(self, call_id: int, wait: bool = True) -> None:
        """Raise CallCancelled in the call if its tool runs."""
        self._interrupts.interrupt(call_id, wait)

    def close(self) -> None:
        """End the thread when it next waits for a call or a frame."""
        self._items.put(None)

    def _run(self) -> None:
        items = iter(self._items.get, None)
        try:
            runner = self._make_runner(self._interrupts, cast("Frames", items))
            for item in items:
                if isinstance(item, PlainCall):  # anything else is a frame that has come after the end of its call
                    runner.run(item.call, item.session_of)
                    self._ended(item)
        except HostGone:
            pass
        except BaseException:
            _LOG.critical("a thread that runs tools has failed", exc_info=True)
            raise


class MainThreadExecutor:
    """Runs calls on the main thread, between the callbacks of its event loop, which cannot run meanwhile."""

    def __init__(
        self,
        interrupts: MainThreadInterrupts,
        make_runner: MakeRunner,
        ended: Ended,
        call_soon: Callable[..., Any],
    ) -> None:
        """Let the event loop run calls by ``call_soon``. Main thread only."""
        self._frames: queue.SimpleQueue[HostFrame | None] = queue.SimpleQueue()
        self._interrupts = interrupts
        frames: Iterator[HostFrame] = iter(self._frames.get, None)
        self._runner = make_runner(interrupts, frames)
        self._ended = ended
        self._call_soon = call_soon

    def begin(self, call: PlainCall) -> None:
        """Run ``call`` as a callback of the loop."""
        if call.is_cancelled:
            self._interrupts.cancel(call.id)
        self._call_soon(self._run, call)

    def deliver(self, frame: HostFrame) -> None:
        """Hand over a frame about the call that runs."""
        self._frames.put(frame)

    def interrupt(self, call_id: int, wait: bool = True) -> None:
        """Note that the call is cancelled; the signal that brings the cancellation interrupts the tool."""
        self._interrupts.cancel(call_id)

    def close(self) -> None:
        """Let a call that waits for a frame end."""
        self._frames.put(None)

    def _run(self, call: PlainCall) -> None:
        try:
            self._runner.run(call.call, call.session_of)
        except HostGone:
            return  # the dispatcher is about to end the loop as well
        self._drop_late_frames()
        self._ended(call)

    def _drop_late_frames(self) -> None:
        """Drop frames about a call that has ended; the next call must not read them."""
        while not self._frames.empty():
            if self._frames.get_nowait() is None:
                self._frames.put(None)
                return
