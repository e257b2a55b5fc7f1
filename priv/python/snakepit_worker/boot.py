"""What the template and a spawned worker do first, and how they say that they could not."""

from __future__ import annotations

import faulthandler
import importlib
import os
import signal
import socket
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from . import output

if TYPE_CHECKING:
    from .adapter import Adapter
    from .tool import Tool

# Distinct from anything a user's code would choose: after a BootFailure report, and when there was no way to report.
EXIT_REPORTED = 71
EXIT_UNREPORTED = 72

_PYTHON_VERSION = ".".join(map(str, sys.version_info[:3]))


@dataclass(frozen=True, slots=True)
class Settings:
    """What the host decided, as it arrives on the command line."""

    control: str
    directory: str
    adapter: str
    transport: str
    max_payload: int
    worker: int
    capacity: int
    fallback_paths: tuple[str, ...]

    @staticmethod
    def parse(arguments: list[str]) -> Settings:
        """Read the ``name=value`` arguments that the host passed."""
        given = [argument.split("=", 1) for argument in arguments]
        single: dict[str, str] = {name: value for name, value in given if name != "fallback_path"}
        return Settings(
            control=single["control"],
            directory=single["directory"],
            adapter=single["adapter"],
            transport=single["transport"],
            max_payload=int(single["max_payload"]),
            worker=int(single["worker"]),
            capacity=int(single.get("capacity", "1")),
            fallback_paths=tuple(value for name, value in given if name == "fallback_path"),
        )

    def socket_of(self, worker: int) -> str:
        """Return the path of the socket that this worker serves on."""
        return f"{self.directory}/{worker}.sock"

    def extend_search_path(self) -> None:
        """Let adapters be imported from the host's own directories, after every other place."""
        sys.path.extend(path for path in self.fallback_paths if path not in sys.path)


class BootFailed(Exception):
    """Something that keeps this process from serving, with what the host should be told."""

    def __init__(self, kind: str, message: str, trace: str) -> None:
        """Describe a failure of the named BootFailure kind."""
        super().__init__(message)
        self.kind = kind
        self.message = message
        self.trace = trace


def show_stack_on_request() -> None:
    """Print every thread's Python stack on a crash, and before ending by SIGUSR2: the host's word for "too slow"."""
    faulthandler.enable()
    faulthandler.register(signal.SIGUSR2, all_threads=True, chain=True)


def connect(settings: Settings) -> socket.socket:
    """Open the control channel. It never carries over to programs that tools start."""
    control = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    control.settimeout(None)  # an adapter may have set another default
    control.connect(settings.control)
    return control


def hello(control: socket.socket, worker: int) -> None:
    """Say who is at this end; raises BootFailed if the protocol cannot be loaded."""
    try:
        from .protocol import Report, framed
    except Exception as error:
        raise _failure("RUNTIME_MISSING", "protobuf does not work here", error) from error
    control.sendall(framed(Report(hello={"worker": worker, "pid": os.getpid(), "python_version": _PYTHON_VERSION})))


def import_transport(name: str) -> Any:
    """Import what the transport needs, and return its server class."""
    try:
        return importlib.import_module(f".transports.{name}_server", __package__).Server
    except ImportError as error:
        raise _failure("RUNTIME_MISSING", f"the {name} transport does not import", error) from error


def prepare_adapter(name: str, capacity: int) -> tuple[Adapter, list[Tool]]:
    """Import the adapter, make an instance and prepare it; return it with its tools, whose signatures are read once."""
    from .adapter import load_adapter

    try:
        adapter = load_adapter(name)
        tools = adapter.tools()
    except (Exception, SystemExit) as error:
        raise _failure("ADAPTER", f"the adapter {name!r} does not load", error) from error
    if capacity > 1 and not adapter.concurrent:
        raise BootFailed(
            "ADAPTER",
            f"the adapter {name!r} does not say that its tools may run at the same time, but a worker's capacity is "
            f"{capacity}: declare concurrent = True in it once they may, or set SnakepitOptions.MaxConcurrentCallsPerWorker to 1",
            "",
        )
    output.log_to_standard_error()
    try:
        adapter.prepare()
    except (Exception, SystemExit) as error:
        raise _failure("PREPARATION", f"prepare() of the adapter {name!r} failed", error) from error
    return adapter, tools


def start_adapter(adapter: Adapter) -> None:
    """Run the adapter's start()."""
    try:
        adapter.start()
    except (Exception, SystemExit) as error:
        raise _failure("PREPARATION", f"start() of {type(adapter).__qualname__} failed", error) from error


def report_failure(control: socket.socket, failed: BootFailed) -> int:
    """Tell the host what went wrong and return the exit code for it."""
    try:
        from .protocol import BootFailure, Report, framed
    except Exception:  # no protobuf: standard error is the only way left
        print(f"{failed.message}\n{failed.trace}", file=sys.stderr, flush=True)
        return EXIT_UNREPORTED
    kind = BootFailure.Kind.Value(failed.kind)
    report = {"kind": kind, "message": failed.message, "traceback": failed.trace}
    control.sendall(framed(Report(boot_failure=report)))
    return EXIT_REPORTED


def _failure(kind: str, what: str, error: BaseException) -> BootFailed:
    from .failure import message_of, traceback_of, type_name

    message = f"{what}: {type_name(error)}: {message_of(error)}"
    return BootFailed(kind, message, traceback_of(error, own_frames=1) if error.__traceback__ else "")
