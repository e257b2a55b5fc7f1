"""Unary gRPC written by hand, a process a worker and no pool: ``grpcio_server.py WORKERS``.

Messages are JSON without protobuf. Prints one line of JSON once all listen, ``{"endpoints": ["unix:PATH", ...]}``, and
ends when its standard input does.
"""

from __future__ import annotations

import json
import os
import signal
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any


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


def _fork(path: str) -> int:
    child = os.fork()
    if child == 0:
        _serve(path)
    return child


def main(workers: int) -> None:
    """Fork the servers, say where they are once all listen, and end them when nobody wants them any more."""
    with tempfile.TemporaryDirectory(prefix="snakepit-peers-") as directory:
        paths = [f"{directory}/{number}" for number in range(workers)]
        servers = [_fork(path) for path in paths]
        try:
            while not all(map(os.path.exists, paths)):
                time.sleep(0.01)
            print(json.dumps({"endpoints": [f"unix:{path}" for path in paths]}), flush=True)
            sys.stdin.read()
        finally:
            for server in servers:
                os.kill(server, signal.SIGKILL)
                os.waitpid(server, 0)


if __name__ == "__main__":
    main(int(sys.argv[1]))
