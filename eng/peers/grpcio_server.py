"""gRPC servers with a unary call, written by hand, to compare the pool with them: ``grpcio_server.py WORKERS``.

Each worker is a process with a server of its own. Messages are JSON without protobuf. When all servers listen, the
program prints one line of JSON, ``{"endpoints": ["unix:PATH", ...]}``. It exits when its standard input is closed.
"""

from __future__ import annotations

import json
import os
import select
import signal
import sys
import tempfile
import time
import traceback
from concurrent.futures import ThreadPoolExecutor
from typing import Any, NoReturn

_PAUSE = 0.01


def _ping(_request: bytes, _context: Any) -> bytes:
    return json.dumps({"message": "pong", "time": time.time()}).encode()


def _serve(path: str) -> None:
    import grpc  # imported only in the child, because gRPC does not work in a process that was forked after the import

    handlers = {"Ping": grpc.unary_unary_rpc_method_handler(_ping)}
    server = grpc.server(ThreadPoolExecutor(max_workers=1))
    server.add_generic_rpc_handlers((grpc.method_handlers_generic_handler("snakepit.peers.Peer", handlers),))
    server.add_insecure_port(f"unix:{path}")
    server.start()
    server.wait_for_termination()


def _become_server(path: str) -> NoReturn:
    try:
        _serve(path)
    except BaseException:
        traceback.print_exc()
    finally:
        os._exit(1)  # the child must not run the parent's code


def _wait_for(paths: list[str]) -> bool:
    """Wait until all servers listen. Return False if standard input is closed first, and raise if a server exits."""
    while not all(map(os.path.exists, paths)):
        if os.waitpid(-1, os.WNOHANG)[0]:
            raise RuntimeError("a server has ended instead of listening")
        if select.select([sys.stdin], [], [], _PAUSE)[0]:
            return False
    return True


def main(workers: int) -> None:
    """Fork the servers, print their addresses when all listen, and kill them when standard input is closed."""
    with tempfile.TemporaryDirectory(prefix="snakepit-peers-") as directory:
        paths = [f"{directory}/{number}" for number in range(workers)]
        servers = []
        try:
            for path in paths:
                server = os.fork()
                if server == 0:
                    _become_server(path)
                servers.append(server)
            if _wait_for(paths):
                print(json.dumps({"endpoints": [f"unix:{path}" for path in paths]}), flush=True)
                sys.stdin.read()
        finally:
            for server in servers:
                os.kill(server, signal.SIGKILL)


if __name__ == "__main__":
    os.setpgid(0, 0)
    main(int(sys.argv[1]))
