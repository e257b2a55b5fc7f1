"""Unary gRPC written by hand, a process a worker and no pool: ``grpcio_server.py WORKERS``.

Messages are JSON without protobuf. Prints one line of JSON once all listen, ``{"endpoints": ["unix:PATH", ...]}``, and
ends when its standard input does.
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
    import grpc  # only in the child: gRPC does not survive a fork

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
    """Wait until all listen; False if the input ends before. Raises RuntimeError if one of them has ended."""
    while not all(map(os.path.exists, paths)):
        if os.waitpid(-1, os.WNOHANG)[0]:
            raise RuntimeError("a server has ended instead of listening")
        if select.select([sys.stdin], [], [], _PAUSE)[0]:
            return False
    return True


def main(workers: int) -> None:
    """Fork the servers, print their addresses once all listen, and end them when the input ends."""
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
