"""One worker: from a prepared adapter to the end of its host's stream."""

from __future__ import annotations

import os
import socket
import traceback
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, NoReturn

from ..boot import control_channel, preparation
from ..boot.failure import BootFailed
from ..process import lifeline, output, scheduling, stack_dump

if TYPE_CHECKING:
    from ..api.adapter import Adapter
    from ..boot.settings import Settings
    from ..tools.signature import Tool

# Makes what serves the frames of a worker with this number and this control socket.
MakeDispatcher = Callable[[int, socket.socket], Any]


def spawned(settings: Settings) -> NoReturn:
    """Be a worker in a fresh interpreter of its own."""
    lifeline.adopt_standard_input()
    output.take_over()
    stack_dump.show_stack_on_request()
    control = control_channel.connect(settings)
    try:
        control_channel.report_hello(control, settings.worker)
        server = preparation.import_transport(settings.transport)
        adapter, tools = preparation.prepare_adapter(settings.adapter, settings.capacity)
        scheduling.give_way_to_the_host()
        serve(settings, settings.worker, control, adapter, prepare_dispatcher(settings, tools), server)
    except BootFailed as failed:
        end(control_channel.report_failure(control, failed))
    except BaseException:
        traceback.print_exc()
        end(1)  # at once: the interpreter's own way out would wait for gRPC's threads
    end(0)


def forked(
    settings: Settings, worker: int, adapter: Adapter, make_dispatcher: MakeDispatcher, server: Any
) -> NoReturn:
    """Be a worker in a process that has just been forked and tied to its template."""
    control = control_channel.connect(settings)
    try:
        control_channel.report_hello(control, worker)
        serve(settings, worker, control, adapter, make_dispatcher, server)
    except BootFailed as failed:
        end(control_channel.report_failure(control, failed))
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
    from ..protocol.framing import framed
    from ..protocol.messages import Report

    preparation.start_adapter(adapter)
    dispatcher = make_dispatcher(worker, control)
    serving = server(settings.socket_of(worker), dispatcher.serve, settings.max_payload)
    serving.run(lambda: control.sendall(framed(Report(listening={"endpoint": serving.endpoint}))))
    adapter.stop()


def prepare_dispatcher(settings: Settings, tools: list[Tool]) -> MakeDispatcher:
    """Make what runs these tools best, as far as it is the same for every worker; return what makes it one's own."""
    if settings.capacity > 1 or any(found.is_async for found in tools):
        from ..dispatch.concurrent import ConcurrentDispatcher
        from ..interrupts.event_loop import LoopInterrupts

        passed_on = LoopInterrupts()
        return lambda worker, control: ConcurrentDispatcher(
            worker, tools, passed_on.listen(control), settings.max_payload, settings.capacity
        )
    from ..dispatch.sequential import Dispatcher
    from ..interrupts.main_thread import Interrupts

    interrupts = Interrupts()
    dispatcher = Dispatcher(tools, settings.max_payload)
    return lambda worker, control: dispatcher.become(worker, interrupts.listen(control))


def end(status: int) -> NoReturn:
    """End now, without the interpreter's tear-down: what matters has been closed, the kernel does the rest."""
    output.flush()
    os._exit(status)
