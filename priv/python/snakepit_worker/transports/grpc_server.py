"""The gRPC transport: a worker is a gRPC server on a Unix socket, with the standard health service.

The Attach handler, and with it every tool, runs on the main thread: only there do signals interrupt blocking calls.
Two hooks of grpcio make that cheap: ``experimental_thread_pool`` chooses the thread, ``experimental_non_blocking``
lets the handler send when it likes. A grpcio without them costs speed, not function: the handler then runs on another
thread, and frames cross over to the main thread and back.
"""

from __future__ import annotations

import contextlib
import importlib
import inspect
import queue
import sys
import threading
from collections.abc import Callable, Iterator
from concurrent import futures
from typing import Any

import grpc

from ..protocol.framing import FRAME_OVERHEAD
from ..protocol.messages import HostFrame, WorkerFrame, message

# grpc.server() imports this on its first call, which would be once in every forked worker instead of once for all.
with contextlib.suppress(ImportError):
    importlib.import_module("grpc._server")

_SERVICE = "snakepit.v1.Worker"

Serve = Callable[[Iterator[Any], Callable[[Any], None]], None]


class MainThread(futures.ThreadPoolExecutor):
    """An executor whose one thread is the one that calls ``run_until_done``."""

    def __init__(self) -> None:
        """Start no thread: the caller brings it."""
        super().__init__(max_workers=1, thread_name_prefix="snakepit-refuse")
        self._first: queue.SimpleQueue[tuple[futures.Future[Any], Callable[[], Any]]] = queue.SimpleQueue()
        self._taken = threading.Lock()

    def submit(self, function: Callable[..., Any], /, *arguments: Any, **named: Any) -> futures.Future[Any]:
        """Hand the first task to the main thread; later ones, which are to be refused, to a thread of the pool."""
        if not self._taken.acquire(blocking=False):
            return super().submit(function, *arguments, **named)
        future: futures.Future[Any] = futures.Future()
        self._first.put((future, lambda: function(*arguments, **named)))
        return future

    def run_until_done(self) -> None:
        """Wait for the first task and run it here."""
        future, task = self._first.get()
        future.set_running_or_notify_cancel()
        try:
            future.set_result(task())
        except BaseException as error:
            future.set_exception(error)
            raise


class Server:
    """Serves one host on one Unix socket."""

    def __init__(self, path: str, serve: Serve, max_payload: int) -> None:
        """Bind to ``path``. ``serve(frames, send)`` will run on the thread that calls ``run``."""
        self.endpoint = f"unix:{path}"
        self._serve = serve
        self._main_thread = MainThread()
        self._attached = threading.Lock()
        self._health = Health()
        limit = max_payload + FRAME_OVERHEAD
        self._server = grpc.server(
            futures.ThreadPoolExecutor(max_workers=4, thread_name_prefix="snakepit-grpc"),
            handlers=(self._worker_service(), self._health.service()),
            options=(
                ("grpc.max_receive_message_length", limit),
                ("grpc.max_send_message_length", limit),
                ("grpc.so_reuseport", 0),
            ),
        )
        if not self._server.add_insecure_port(self.endpoint):  # newer versions raise it themselves
            raise OSError(f"gRPC cannot listen at {self.endpoint}")

    def run(self, listening: Callable[[], None]) -> None:
        """Call ``listening`` once hosts can attach, then serve one until its stream ends. Main thread only."""
        self._server.start()
        listening()
        self._main_thread.run_until_done()
        self._health.stop()

    def _worker_service(self) -> grpc.GenericRpcHandler:
        # A function, because the hooks are attributes and bound methods take none.
        def attach(frames: Iterator[Any], context: Any, send: Any = None) -> Any:
            return self._attach(frames, context, send)

        if _is_known("experimental_non_blocking"):
            attach.experimental_non_blocking = True  # type: ignore[attr-defined]
            # Without the other one the handler has to wait for what the main thread sends, so it cannot be there.
            attach.experimental_thread_pool = self._main_thread  # type: ignore[attr-defined]
        handler = grpc.stream_stream_rpc_method_handler(attach, HostFrame.FromString, WorkerFrame.SerializeToString)
        return grpc.method_handlers_generic_handler(_SERVICE, {"Attach": handler})

    def _attach(self, frames: Iterator[Any], context: Any, send: Any) -> Any:
        if not self._attached.acquire(blocking=False):
            context.abort(grpc.StatusCode.FAILED_PRECONDITION, "this worker has a host already")
        if send is None:
            return self._generated(frames)
        if threading.current_thread() is threading.main_thread():
            self._serve_frames(frames, send)
        else:
            self._main_thread.submit(self._serve_frames, frames, send).result()
        send(None)
        return None

    def _generated(self, frames: Iterator[Any]) -> Iterator[Any]:
        outgoing: queue.SimpleQueue[Any] = queue.SimpleQueue()
        served = self._main_thread.submit(self._serve_frames, frames, outgoing.put)
        served.add_done_callback(lambda _: outgoing.put(None))
        return iter(outgoing.get, None)

    def _serve_frames(self, frames: Iterator[Any], send: Callable[[Any], None]) -> None:
        try:
            self._serve(frames, send)
        except grpc.RpcError:
            pass  # the host broke the stream: the same end as a finished one


def _is_known(hook: str) -> bool:
    """Tell whether this grpcio looks for ``hook`` among a handler's attributes."""
    functions = filter(inspect.isfunction, vars(sys.modules.get("grpc._server", grpc)).values())
    return any(hook in (*found.__code__.co_names, *found.__code__.co_consts) for found in functions)


class Health:
    """grpc.health.v1 for the whole server and for the worker service."""

    _Request = message("grpc.health.v1.HealthCheckRequest")
    _Response = message("grpc.health.v1.HealthCheckResponse")

    def __init__(self) -> None:
        """Begin as serving."""
        self._stopped = threading.Event()

    def stop(self) -> None:
        """Report NOT_SERVING from now on, also to those who watch."""
        self._stopped.set()

    def service(self) -> grpc.GenericRpcHandler:
        """Return the service to register."""
        formats = (self._Request.FromString, self._Response.SerializeToString)
        return grpc.method_handlers_generic_handler(
            "grpc.health.v1.Health",
            {
                "Check": grpc.unary_unary_rpc_method_handler(self._check, *formats),
                "Watch": grpc.unary_stream_rpc_method_handler(self._watch, *formats),
            },
        )

    def _status(self) -> Any:
        return self._Response.NOT_SERVING if self._stopped.is_set() else self._Response.SERVING

    def _check(self, request: Any, context: Any) -> Any:
        if request.service not in ("", _SERVICE):
            context.abort(grpc.StatusCode.NOT_FOUND, f"no service {request.service!r} here")
        return self._Response(status=self._status())

    def _watch(self, request: Any, context: Any) -> Iterator[Any]:
        if request.service not in ("", _SERVICE):
            yield self._Response(status=self._Response.SERVICE_UNKNOWN)
            return
        yield self._Response(status=self._status())
        while context.is_active() and not self._stopped.wait(0.5):
            pass
        if context.is_active():
            yield self._Response(status=self._status())
