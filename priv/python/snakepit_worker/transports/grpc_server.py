"""The gRPC transport: a worker is a gRPC server on a Unix socket, with the standard health service.

The handler of the gRPC method Attach, and with it every tool, runs on the main thread, because only there can a signal
interrupt a call that blocks. Two hooks of grpcio make that cheap: ``experimental_thread_pool`` chooses the thread, and
``experimental_non_blocking`` lets the handler send at any time. A version of grpcio without these hooks works too, but
more slowly: the handler runs on another thread, and frames are passed to the main thread and back.
"""

from __future__ import annotations

import contextlib
import ctypes
import importlib
import inspect
import queue
import string
import sys
import threading
from collections.abc import Callable, Collection, Generator, Iterator
from concurrent import futures
from typing import TYPE_CHECKING, Any

import grpc

from ..memory.files import own_files
from ..originals import os
from ..process import forks
from ..process.forks import own
from ..process.waits import waits
from ..protocol.frames import HostFrame
from ..protocol.framing import FRAME_OVERHEAD, OWNER_ONLY
from .encoding import encoded
from .grpc_health import Health
from .grpc_main_thread import MainThreadPool

if TYPE_CHECKING:
    from ..protocol.streams import Frame, Frames, Send, Serve

# grpc.server() imports grpc._server when it is first called. The import here loads the module once, in the template,
# instead of in each forked worker.
with contextlib.suppress(ImportError):
    importlib.import_module("grpc._server")

_SERVICE = "snakepit.v1.Worker"
_FORK_HANDLERS = "GRPC_ENABLE_FORK_SUPPORT"
_LITERAL = frozenset(f"/-._~{string.ascii_letters}{string.digits}".encode())
_LARGE = 8 * 1024 * 1024
_malloc_trim: Any = getattr(ctypes.CDLL(None), "malloc_trim", None)  # only glibc has it


class Server:
    """The server of the gRPC transport: it serves one host on one Unix socket."""

    def __init__(self, path: str, serve: Serve, max_payload: int) -> None:
        """Bind to ``path``. ``serve(frames, send)`` will run on the thread that calls ``run``."""
        self.endpoint = f"unix:{path}"
        self._serve = serve
        self._main_thread = MainThreadPool()
        self._attached = threading.Lock()
        self._failure: Exception | None = None
        self._health = Health(_SERVICE)
        limit = max_payload + FRAME_OVERHEAD
        with _without_fork_handlers():
            self._server = grpc.server(
                futures.ThreadPoolExecutor(max_workers=4, thread_name_prefix="snakepit-grpc"),
                handlers=[self._handler(), self._health.handler()],
                options=(
                    ("grpc.max_receive_message_length", limit),
                    ("grpc.max_send_message_length", limit),
                    ("grpc.so_reuseport", 0),
                ),
            )
        if not self._server.add_insecure_port(_uri_of(path)):  # older versions of grpcio return 0; newer ones raise
            raise OSError(f"gRPC cannot listen at {self.endpoint}")
        os.chmod(path, OWNER_ONLY)

    def run(self, listening: Callable[[], None]) -> None:
        """Call ``listening`` once a host can connect, then serve one host until its stream ends. Main thread only."""
        others = set(threading.enumerate())
        self._server.start()
        _end_process_if_one_fails(set(threading.enumerate()) - others)
        listening()
        self._main_thread.run_first_task()
        self._health.stop()
        if self._failure is not None:
            raise self._failure

    def _handler(self) -> grpc.GenericRpcHandler:
        # grpc reads experimental settings from attributes of the handler. A bound method cannot have attributes, so the
        # handler is a function.
        def attach(frames: Iterator[bytes], context: grpc.ServicerContext, send: Any = None) -> Any:
            return self._attach(frames, context, send)

        if _grpc_knows("experimental_non_blocking"):
            hooks: Any = attach
            hooks.experimental_non_blocking = True
            # Only a handler with the setting above may run on the main thread. Any other handler waits for frames that
            # the main thread sends, and on the main thread it would wait for ever.
            hooks.experimental_thread_pool = self._main_thread
        # gRPC passes bytes on. It would hide an error of encoding or decoding, such as a lack of memory.
        handler: grpc.RpcMethodHandler[bytes, bytes] = grpc.stream_stream_rpc_method_handler(attach)
        return grpc.method_handlers_generic_handler(_SERVICE, {"Attach": handler})

    def _attach(self, frames: Iterator[bytes], context: grpc.ServicerContext, send: Any) -> Iterator[bytes] | None:
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

    def _generated(self, frames: Iterator[bytes]) -> Iterator[bytes]:
        outgoing: queue.SimpleQueue[bytes | None] = queue.SimpleQueue()
        served = self._main_thread.submit(self._serve_frames, frames, outgoing.put)
        served.add_done_callback(lambda _: outgoing.put(None))
        return iter(outgoing.get, None)

    def _serve_frames(self, received: Iterator[bytes], send: Callable[[bytes], None]) -> None:
        try:
            self._serve(_frames_of_own(received), _sender_of_own(send))
        except grpc.RpcError:
            pass  # a broken connection ends the stream, as if the host had closed it
        except BaseException as error:
            forks.end_if_forked(error)  # else gRPC would end the call of the host, on the connection of the worker
            if isinstance(error, Exception):  # gRPC would only log it
                self._failure = error
            raise


def _uri_of(path: str) -> str:
    """Return the URI of a Unix socket, in which "%" and "#" would have meanings of their own.

    The module urllib.parse could do it, but to import it takes as long as to start a worker.
    """
    return "unix:" + "".join(chr(byte) if byte in _LITERAL else f"%{byte:02X}" for byte in os.fsencode(path))


def _end_process_if_one_fails(threads: Collection[threading.Thread]) -> None:
    """End this process if one of gRPC's ``threads`` raises an exception, for example for lack of memory.

    Nothing would arrive any more, and each call would last until its timeout.
    """
    report = threading.excepthook

    def end(failed: threading.ExceptHookArgs) -> None:
        try:
            report(failed)
        finally:
            if failed.thread in threads:
                os._exit(1)  # what has been printed is not buffered

    threading.excepthook = end


@contextlib.contextmanager
def _without_fork_handlers() -> Generator[None, None, None]:
    """Keep gRPC, which reads its settings at its first use, from running code of its own in forks of this process.

    That code aborts a fork now and then, because threads of the server hold locks. It is of no use here: a fork never
    uses the worker's server. If somebody has set the environment variable, its value holds.
    """
    if _FORK_HANDLERS in os.environ:
        yield
        return
    os.environ[_FORK_HANDLERS] = "0"
    try:
        yield
    finally:
        os.environ.pop(_FORK_HANDLERS, None)


@waits
def _frames_of_own(received: Iterator[bytes]) -> Frames:
    """Yield the frames that are ``received``, but never wait for one in a process that a tool has forked."""
    parse = HostFrame.FromString
    if not own[0]:
        forks.leave()
    for content in received:
        frame = parse(content)
        if len(content) > _LARGE and _malloc_trim is not None:
            # gRPC has received the frame in many small blocks. They are free again, but glibc would keep them.
            _malloc_trim(0)
        if own_files.files:
            own_files.take_back(frame)
        yield frame
        del content, frame  # an idle worker must not keep the arguments of its last call
        if not own[0]:
            forks.leave()


def _sender_of_own(send: Callable[[bytes], None]) -> Send:
    """Return a function that sends a frame's bytes, but ends a process that a tool has forked."""

    @waits
    def checked(frame: Frame) -> None:
        if not own[0]:
            forks.leave()
        send(encoded(frame))

    return checked


def _grpc_knows(hook: str) -> bool:
    """Tell whether the installed version of grpcio reads the attribute ``hook`` of a handler."""
    functions = filter(inspect.isfunction, vars(sys.modules.get("grpc._server", grpc)).values())
    return any(hook in (*found.__code__.co_names, *found.__code__.co_consts) for found in functions)
