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
        serve(settings, settings.worker, control, adapter, tools, server)
    except boot.BootFailed as failed:
        end(boot.report_failure(control, failed))
    except BaseException:
        traceback.print_exc()
        end(1)  # at once: the interpreter's own way out would wait for gRPC's threads
    end(0)


def forked(settings: Settings, worker: int, adapter: Adapter, tools: list[Tool], server: Any) -> NoReturn:
    """Be a worker in a process that has just been forked and tied to its template."""
    control = boot.connect(settings)
    try:
        boot.hello(control, worker)
        serve(settings, worker, control, adapter, tools, server)
    except boot.BootFailed as failed:
        end(boot.report_failure(control, failed))
    end(0)


def serve(
    settings: Settings, worker: int, control: socket.socket, adapter: Adapter, tools: list[Tool], server: Any
) -> None:
    """Start the adapter, serve its tools until the host is done, and stop it."""
    from .protocol import Report, framed

    make_dispatcher = import_dispatcher(settings, tools)
    scheduling.give_way_to_the_host()
    boot.start_adapter(adapter)
    dispatcher = make_dispatcher(worker, control)
    serving = server(f"{settings.directory}/{worker}.sock", dispatcher.serve, settings.max_payload)
    serving.run(lambda: control.sendall(framed(Report(listening={"endpoint": serving.endpoint}))))
    adapter.stop()


def import_dispatcher(settings: Settings, tools: list[Tool]) -> Callable[[int, socket.socket], Any]:
    """Import what runs these tools best; return what makes it for a worker with its control socket."""
    if settings.capacity > 1 or any(found.is_async for found in tools):
        from .concurrent_dispatcher import ConcurrentDispatcher
        from .loop_interrupts import LoopInterrupts

        return lambda worker, control: ConcurrentDispatcher(
            worker, tools, LoopInterrupts(control), settings.max_payload, settings.capacity
        )
    from .cancellation import Interrupts
    from .dispatcher import Dispatcher

    return lambda worker, control: Dispatcher(worker, tools, Interrupts(control), settings.max_payload)


def end(status: int) -> NoReturn:
    """End now, without the interpreter's tear-down: what matters has been closed, the kernel does the rest."""
    output.flush()
    os._exit(status)
