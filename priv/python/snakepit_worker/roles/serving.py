"""Runs a worker whose adapter is prepared, until the host ends the worker's stream.

This module needs protobuf, so it is imported only after protobuf has been found. The template imports it before it
forks, so that a forked worker need not import it. An import would write to memory that the worker shares with the
template, and the worker would need a private copy of that memory.
"""

from __future__ import annotations

import socket
from typing import TYPE_CHECKING, NoReturn

from ..boot import control_channel, preparation, reports
from ..boot.failure import BootFailed
from ..boot.integrity import require_descriptors, require_threads
from ..memory import views
from ..memory.files import own_files
from ..process import forks
from ..process.exit import end_gracefully

if TYPE_CHECKING:
    from ..api.adapter import Adapter
    from ..boot.settings import Settings
    from ..protocol.streams import MakeServer
    from .dispatchers import MakeServe


def serve(
    settings: Settings,
    worker: int,
    control: socket.socket,
    adapter: Adapter,
    make_serve: MakeServe,
    make_server: MakeServer,
) -> NoReturn:
    """Start the adapter, serve its tools until the host ends the stream, stop the adapter, and end this process.

    Raises BootFailed if the adapter's start() fails, and OSError if the adapter has left too few file descriptors, or
    if the worker cannot be held to a limit.
    """
    if settings.cgroup:
        from ..process.cgroups import join

        join(settings.cgroup, settings.cgroup_settings)
    if settings.limits:
        from ..process.worker_limits import hold_to

        hold_to(settings.limits)
    preparation.start_adapter(settings.adapter, adapter)
    require_descriptors()
    if settings.transport == "grpc":
        require_threads("the gRPC transport")
    server = make_server(settings.socket_of(worker), make_serve(worker, control), settings.max_payload)
    shares = bool(settings.host_memory) and views.open_host(settings.host_memory)
    own_files.limit = settings.memory_limit if shares else 0
    server.run(lambda: reports.listening(control, server.endpoint, shares))
    if not forks.own[0]:
        forks.leave()
    end_gracefully(settings.terminate_timeout, adapter.stop)


def run_forked(
    settings: Settings, worker: int, adapter: Adapter, make_serve: MakeServe, make_server: MakeServer
) -> NoReturn:
    """Run as a worker, in a process that the template has just forked, until the host ends the stream."""
    control = control_channel.connect(settings)
    reports.hello(control, worker)
    try:
        serve(settings, worker, control, adapter, make_serve, make_server)
    except BootFailed as failed:
        end_gracefully(settings.terminate_timeout, status=control_channel.report_failure(control, failed))
