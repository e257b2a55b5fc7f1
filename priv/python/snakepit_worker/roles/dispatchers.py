"""Chooses the dispatcher that suits the tools of a worker.

Objects that are the same for every worker are created before the fork. The dispatcher itself is created when the host
has connected.
"""

from __future__ import annotations

import socket
from collections.abc import Callable
from typing import TYPE_CHECKING, TypeAlias

from ..boot.integrity import require_threads

if TYPE_CHECKING:
    from ..boot.settings import Settings
    from ..protocol.streams import Frames, Send, Serve
    from ..tools.tool import Tool

    # Makes the Serve function of one worker from its number and its control socket, on which cancellations arrive.
    MakeServe: TypeAlias = Callable[[int, socket.socket], Serve]


def prepare_dispatcher(settings: Settings, tools: list[Tool]) -> MakeServe:
    """Create what all workers need to serve ``tools``, and return a function that makes one worker's Serve function."""
    if settings.capacity > 1 or any(found.is_async for found in tools):
        return _prepare_concurrent(settings, tools)
    return _prepare_sequential(settings, tools)


def _prepare_sequential(settings: Settings, tools: list[Tool]) -> MakeServe:
    from ..dispatch.sequential import SequentialDispatcher
    from ..dispatch.toolset import Toolset
    from ..interrupts.main_thread import MainThreadInterrupts

    toolset = Toolset(tools, settings.max_payload)
    interrupts = MainThreadInterrupts()

    def make_serve(worker: int, control: socket.socket) -> Serve:
        interrupts.listen(control)

        def serve(frames: Frames, send: Send) -> None:
            SequentialDispatcher(worker, toolset, interrupts, frames, send).serve()

        return serve

    return make_serve


def _prepare_concurrent(settings: Settings, tools: list[Tool]) -> MakeServe:
    from ..dispatch.concurrent import ConcurrentDispatcher
    from ..dispatch.toolset import Toolset
    from ..interrupts.event_loop import EventLoopInterrupts

    toolset = Toolset(tools, settings.max_payload)
    interrupts = EventLoopInterrupts()

    def make_serve(worker: int, control: socket.socket) -> Serve:
        require_threads("an adapter with async tools, or with several calls at once,")
        interrupts.listen(control)

        def serve(frames: Frames, send: Send) -> None:
            ConcurrentDispatcher(worker, toolset, interrupts, settings.capacity, frames, send).serve()

        return serve

    return make_serve
