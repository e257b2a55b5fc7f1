"""One worker: from a prepared adapter to the end of its host's stream."""

from __future__ import annotations

import os
import socket
import traceback
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, NoReturn

from . import boot, lifeline, output, scheduling

if TYPE_CHECKING:
    from .adapter import Adapter
    from .boot import Settings
    from .tool import Tool

# Makes what serves the frames of a worker with this number and this control socket.
MakeDispatcher = Callable[[int, socket.socket], Any]


def spawned(settings: Settings) -> NoReturn:
    """Be a worker in a fresh interpreter of its own."""
    lifeline.adopt_standard_input()
    output.take_over()
    boot.show_stack_on_request()
    control = boot.connect(settings)
    try:
        boot.hello(control, settings.worker)
        server = boot.import_transport(settings.transport)
        adapter, tools = boot.prepare_adapter(settings.adapter, settings.capacity)
        scheduling.give_way_to_the_host()
        serve(settings, settings.worker, control, adapter, prepare_dispatcher(settings, tools), server)
    except boot.BootFailed as failed:
        end(boot.report_failure(control, failed))
    except BaseException:
        traceback.print_exc()
        end(1)  # at once: the interpreter's own way out would wait for gRPC's threads
    end(0)


def forked(
    settings: Settings, worker: int, adapter: Adapter, make_dispatcher: MakeDispatcher, server: Any
) -> NoReturn:
    """Be a worker in a process that has just been forked and tied to its template."""
    control = boot.connect(settings)
    try:
        boot.hello(control, worker)
        serve(settings, worker, control, adapter, make_dispatcher, server)
    except boot.BootFailed as failed:
        end(boot.report_failure(control, failed))
    end(0)


def serve(
    settings: Settings,
    worker: int,
    control: socket.socket,
    adapter: Adapter,
    make_dispatcher: MakeDispatcher,
    server: Any,
) -> None:
    """Start the adapter, serve its tools until the host is done, and stop it."""
    from .protocol import Report, framed

    boot.start_adapter(adapter)
    dispatcher = make_dispatcher(worker, control)
    serving = server(settings.socket_of(worker), dispatcher.serve, settings.max_payload)
    serving.run(lambda: control.sendall(framed(Report(listening={"endpoint": serving.endpoint}))))
    adapter.stop()


def prepare_dispatcher(settings: Settings, tools: list[Tool]) -> MakeDispatcher:
    """Make what runs these tools best, as far as it is the same for every worker; return what makes it one's own."""
    if settings.capacity > 1 or any(found.is_async for found in tools):
        from .concurrent_dispatcher import ConcurrentDispatcher
        from .loop_interrupts import LoopInterrupts

        passed_on = LoopInterrupts()
        return lambda worker, control: ConcurrentDispatcher(
            worker, tools, passed_on.listen(control), settings.max_payload, settings.capacity
        )
    from .cancellation import Interrupts
    from .dispatcher import Dispatcher

    interrupts = Interrupts()
    dispatcher = Dispatcher(tools, settings.max_payload)
    return lambda worker, control: dispatcher.become(worker, interrupts.listen(control))


def end(status: int) -> NoReturn:
    """End now, without the interpreter's tear-down: what matters has been closed, the kernel does the rest."""
    output.flush()
    os._exit(status)
