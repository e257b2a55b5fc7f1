"""What the template does before it forks, so that workers need less memory of their own.

A worker shares each page of memory with the template until one of them writes to it.
"""

from __future__ import annotations

import socket
from typing import TYPE_CHECKING

from ..api.tool import tool
from ..tools.tool import Tool

if TYPE_CHECKING:
    from ..boot.settings import Settings
    from ..protocol.streams import Frames, MakeServer, Send


def warm_up(settings: Settings, make_server: MakeServer) -> None:
    """Let a server serve a host that pings and calls a made-up tool once. Main thread only.

    When Python runs something for the first time, it writes what it has learnt into memory: the place of a method, the
    types that an instruction has met. Each worker would do so for itself. Measured on 16 Direct workers: 0.1 MB less
    private memory when they are ready, 0.15 MB less after their first call.
    """
    if settings.transport != "direct":
        return  # grpc would start threads, and a fork copies only the thread that forks
    from ..dispatch.sequential import SequentialDispatcher
    from ..dispatch.toolset import Toolset
    from ..interrupts.main_thread import MainThreadInterrupts
    from ..protocol.frames import HostFrame
    from ..protocol.framing import framed

    toolset = Toolset([Tool(_greet)], settings.max_payload)
    interrupts = MainThreadInterrupts()
    sent = HostFrame(ping={"sequence": 1}), HostFrame(call={"id": 1, "tool": "greet", "arguments": b'{"name":"me"}'})
    path = settings.socket_of(0)  # as long as the paths of workers, which fit into a socket's address
    with socket.socket(socket.AF_UNIX) as host:

        def act_as_host() -> None:
            host.connect(path)
            for frame in sent:
                host.sendall(framed(frame))
            host.shutdown(socket.SHUT_WR)

        def serve(frames: Frames, send: Send) -> None:
            SequentialDispatcher(0, toolset, interrupts, frames, send).serve()

        make_server(path, serve, settings.max_payload).run(act_as_host)


@tool(name="greet")
def _greet(name: str) -> dict[str, str]:
    return {"greeting": f"Hello, {name}!"}


def fill_freed_memory(settings: Settings) -> list[bytes]:
    """Return ten objects of each small size. They take memory that was freed between objects that are still in use.

    A worker would place its first objects there and write to many shared pages. With these places taken it uses a few
    new pages. Measured on 8 Direct workers: 0.05 MB less private memory when they are ready, 0.08 MB less after their
    first call. A gRPC worker would need 0.1 MB more.
    """
    return [bytes(size) for size in range(1, 480, 16) for _ in range(10)] if settings.transport == "direct" else []
