"""Executors: each runs calls of plain (synchronous) tools, one after another, beside other executors and tasks."""

from __future__ import annotations

import functools
import logging
import queue
import threading
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, TypeAlias, cast

from ..interrupts.thread import ThreadInterrupts
from ..process import forks, signals
from ..process.forks import own
from .call_contexts import CurrentLoop
from .plain_call import PlainCall
from .plain_call_channel import HostGone
from .reports import report

if TYPE_CHECKING:
    from ..interrupts.interface import Interrupts
    from ..interrupts.main_thread import MainThreadInterrupts
    from ..protocol.frames import HostFrame
    from ..protocol.streams import Frames
    from .plain_calls import PlainCallRunner

    MakeRunner: TypeAlias = Callable[[Interrupts, Frames], PlainCallRunner]
    Ended: TypeAlias = Callable[[PlainCall], None]
    Failed: TypeAlias = Callable[[BaseException], None]


class ThreadExecutor:
    """Runs calls of synchronous tools, one after another, on a thread that belongs to this executor."""

    def __init__(self, number: int, make_runner: MakeRunner, ended: Ended, failed: Failed) -> None:
        """Start the thread, which ends with the process. The thread calls ``ended`` when it has answered a call.

        If it cannot answer a call, it calls ``failed`` and ends.
        """
        self._make_runner = make_runner
        self._ended = ended
        self._failed = failed
        # What the thread receives: a call to run, then frames about the running call; None tells the thread to end.
        self._items: queue.SimpleQueue[PlainCall | HostFrame | None] = queue.SimpleQueue()
        thread = threading.Thread(target=self._run, name=f"snakepit-tools-{number}", daemon=True)
        self._interrupts = ThreadInterrupts(thread)
        thread.start()

    def begin(self, call: PlainCall) -> None:
        """Run ``call``. The previous call of this executor has been answered."""
        self._interrupts.forget()
        if call.is_cancelled:
            self._interrupts.cancel(call.id)
        self._items.put(call)

    def deliver(self, frame: HostFrame) -> None:
        """Pass on a frame about the running call."""
        self._items.put(frame)

    def needs_interruption(self, call_id: int) -> bool:
        """Tell whether the tool of this cancelled call runs, so that only an interruption can end the call."""
        return self._interrupts.needs_interruption(call_id)

    def cancel(self, call_id: int) -> None:
        """Record that the call is cancelled."""
        self._interrupts.cancel(call_id)

    def interrupt(self, call_id: int) -> None:
        """Raise CallCancelled in the tool of the call ``call_id``, if that tool is running."""
        self._interrupts.interrupt(call_id)

    def close(self) -> None:
        """End the thread when it next waits for a call or a frame."""
        self._items.put(None)

    def _run(self) -> None:
        items = iter(self._items.get, None)
        try:
            runner = self._make_runner(self._interrupts, cast("Frames", items))
            current_loop = CurrentLoop()
            for item in items:
                if isinstance(item, PlainCall):  # any other item is a frame that arrived after its call had ended
                    runner.run(item.call, item.session_of)
                    current_loop.put_back()  # before another call may begin on this thread
                    self._ended(item)
                del item  # otherwise an idle thread would keep the arguments of its last call
                if not own[0]:
                    forks.leave()  # what the call held was deleted, and its __del__ has forked this process
        except HostGone:
            pass
        except BaseException as error:
            report(logging.CRITICAL, "a thread that runs tools has failed")
            self._failed(error)


class MainThreadExecutor:
    """Runs each call on the main thread while the event loop, which runs there too, is stopped."""

    def __init__(
        self,
        interrupts: MainThreadInterrupts,
        make_runner: MakeRunner,
        ended: Ended,
        run_beside_loop: Callable[[Callable[[], None]], None],
        current_loop: CurrentLoop,
    ) -> None:
        """Create an executor that runs calls with ``run_beside_loop``; ``current_loop`` is the main thread's."""
        self._frames: queue.SimpleQueue[HostFrame | None] = queue.SimpleQueue()
        self._interrupts = interrupts
        frames: Iterator[HostFrame] = iter(self._frames.get, None)
        self._runner = make_runner(interrupts, frames)
        self._ended = ended
        self._run_beside_loop = run_beside_loop
        self._current_loop = current_loop

    def begin(self, call: PlainCall) -> None:
        """Run ``call`` as soon as the loop has stopped for it."""
        if call.is_cancelled:
            self._interrupts.cancel(call.id)
        self._run_beside_loop(functools.partial(self._run, call))

    def deliver(self, frame: HostFrame) -> None:
        """Pass on a frame about the running call."""
        self._frames.put(frame)

    def needs_interruption(self, call_id: int) -> bool:
        """Tell whether the tool of this cancelled call runs, so that only an interruption can end the call."""
        return self._interrupts.needs_interruption(call_id)

    def cancel(self, call_id: int) -> None:
        """Record that the call is cancelled."""
        self._interrupts.cancel(call_id)

    def interrupt(self, call_id: int) -> None:
        """Record that the call is cancelled. The handler of SIGIO, not this method, interrupts the tool."""
        self._interrupts.cancel(call_id)

    def close(self) -> None:
        """End a call that waits for a frame, because no more frames will arrive."""
        self._frames.put(None)

    def _run(self, call: PlainCall) -> None:
        self._current_loop.put_back()  # async tools may have set another one
        try:
            self._runner.run(call.call, call.session_of)
        except HostGone:
            return  # the dispatcher is about to stop the event loop
        self._drop_late_frames()
        self._ended(call)
        signals.leave_again()
        self._current_loop.put_back()

    def _drop_late_frames(self) -> None:
        """Drop frames about a call that has ended; the next call must not read them."""
        while not self._frames.empty():
            if self._frames.get_nowait() is None:
                self._frames.put(None)
                return
