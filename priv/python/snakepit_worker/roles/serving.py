"""The life of a worker, from a prepared adapter to the end of its host's stream.

This module needs protobuf, so it is imported when the host has been told that protobuf is there. A forked worker then
imports nothing any more, which saves memory: an import writes to objects that are shared with the template until then.
"""

from __future__ import annotations

import socket
from typing import TYPE_CHECKING, NoReturn

from ..boot import control_channel, preparation, reports
from ..boot.failure import BootFailed
from ..process.exit import exit_now

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
) -> None:
    """Start the adapter, serve its tools until the host is done, and stop it; raises BootFailed if start() fails."""
    preparation.start_adapter(adapter)
    server = make_server(settings.socket_of(worker), make_serve(worker, control), settings.max_payload)
    server.run(lambda: reports.listening(control, server.endpoint))
    adapter.stop()


def run_forked(
    settings: Settings, worker: int, adapter: Adapter, make_serve: MakeServe, make_server: MakeServer
) -> NoReturn:
    """Run as a worker, in a process that the template has just forked, until the host ends the stream."""
    control = control_channel.connect(settings)
    reports.hello(control, worker)
    try:
        serve(settings, worker, control, adapter, make_serve, make_server)
    except BootFailed as failed:
        exit_now(control_channel.report_failure(control, failed))
    exit_now(0)
