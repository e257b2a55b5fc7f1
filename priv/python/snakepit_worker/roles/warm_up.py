"""One call of a made-up tool in the template, before it forks workers.

When Python runs something for the first time it writes what it has learnt into memory: the place of a method, the types
that an instruction has met. Before the fork, all workers share that memory; after it, each worker would get a copy of
its own. Measured on 16 Direct workers: 0.1 MB less private memory when they are ready, 0.15 MB less after their first
call.
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
    """Let a server serve a host that pings and calls once, and leave nothing behind. Main thread only."""
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
