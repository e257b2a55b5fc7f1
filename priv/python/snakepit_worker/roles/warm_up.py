"""Steps of the template before it forks, which reduce the private memory of its workers.

A worker shares each page of memory with the template until one of them writes to it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..api.tool import tool
from ..originals import socket
from ..process import forks
from ..tools.tool import Tool

if TYPE_CHECKING:
    from ..boot.settings import Settings
    from ..protocol.streams import Frames, MakeServer, Send


def warm_up(settings: Settings, make_server: MakeServer) -> None:
    """Run a server in the template and send it one ping and one call of a made-up tool. Main thread only.

    When Python runs code for the first time, it caches facts in memory, such as where it found a method and which types
    an instruction has met. Without the warm-up, each worker would write these caches into memory of its own. Measured
    on 16 workers with the Direct transport, each has 0.1 MB less private memory when it is ready, and 0.15 MB less
    after its first call.
    """
    forks.warm_up()
    if settings.transport != "direct":
        return  # gRPC would start threads, and a fork copies only the thread that forks
    from ..dispatch.sequential import SequentialDispatcher
    from ..dispatch.toolset import Toolset
    from ..interrupts.main_thread import MainThreadInterrupts
    from ..protocol.frames import HostFrame
    from ..protocol.framing import framed

    toolset = Toolset([Tool(_greet)], settings.max_payload)
    interrupts = MainThreadInterrupts()
    sent = HostFrame(ping={"sequence": 1}), HostFrame(call={"id": 1, "tool": "greet", "arguments": b'{"name":"me"}'})
    path = settings.socket_of(0)  # as long as a worker's path, so that it fits into a socket address
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
