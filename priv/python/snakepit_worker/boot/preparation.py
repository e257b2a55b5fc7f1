"""The steps before a process can serve calls: import the transport, and prepare and start the adapter."""

from __future__ import annotations

import gc
import importlib
from typing import TYPE_CHECKING

from ..process import forks, handlers, limits, output, signals
from ..process.objects import set_aside
from .failure import BootFailed, boot_failed

if TYPE_CHECKING:
    from ..api.adapter import Adapter
    from ..protocol.streams import MakeServer
    from ..tools.tool import Tool
    from .settings import Settings

_PACKAGE = __name__.partition(".")[0]


def import_transport(name: str) -> MakeServer:
    """Import the transport ``name`` and the packages that it needs, and return its server class."""
    try:
        module = importlib.import_module(f"{_PACKAGE}.transports.{name}_server")
    except ImportError as error:
        if limits.is_limit(error):
            raise
        raise boot_failed("RUNTIME_MISSING", f"the {name} transport does not import", error) from error
    make_server: MakeServer = module.Server
    return make_server


def prepare_adapter(settings: Settings) -> tuple[Adapter, list[Tool]]:
    """Import the adapter, create an instance, call its prepare(), and return the instance and its tools."""
    from ..api.log import WORKER_LOG
    from ..tools.loading import doubts_of, load_adapter, tools_of

    name = settings.adapter
    settings.extend_search_path()
    handlers.guard_handlers()
    set_aside()  # what has been imported stays, and nothing in it is the adapter's
    gc.enable()
    try:
        adapter = forks.run(load_adapter, name)
        tools = forks.run(tools_of, adapter)
        doubts = forks.run(doubts_of, adapter, name)
    except (Exception, SystemExit) as error:
        raise boot_failed("ADAPTER", f"the adapter {name!r} does not load", error, own_frames=2) from error
    if settings.capacity > 1 and not adapter.concurrent:
        raise BootFailed(
            "ADAPTER",
            f"the adapter {name!r} does not say that its tools may run at the same time, but a worker's capacity is "
            f"{settings.capacity}: declare concurrent = True in it once they may, "
            "or set SnakepitOptions.MaxConcurrentCallsPerWorker to 1",
            "",
        )
    output.log_to_standard_error()
    for doubt in doubts:
        WORKER_LOG.warning("%s", doubt)
    signals.leave_again()
    try:
        forks.run(adapter.prepare)
    except (Exception, SystemExit) as error:
        raise boot_failed("PREPARATION", f"prepare() of the adapter {name!r} failed", error, own_frames=2) from error
    signals.leave_again()
    return adapter, tools


def start_adapter(name: str, adapter: Adapter) -> None:
    """Call the adapter's start(). Raises BootFailed if it fails."""
    try:
        forks.run(adapter.start)
    except (Exception, SystemExit) as error:
        raise boot_failed("PREPARATION", f"start() of the adapter {name!r} failed", error, own_frames=2) from error
    signals.leave_again()
