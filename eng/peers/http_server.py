"""Serves an application beside this file with gunicorn and uvicorn: ``http_server.py APPLICATION [unix] WORKERS``.

When all workers are ready, it prints one line of JSON, ``{"endpoints": ["http://127.0.0.1:PORT"]}``, or the path of a
Unix socket if ``unix`` is given. It exits when its standard input is closed.
"""

from __future__ import annotations

import importlib
import json
import os
import signal
import sys
import tempfile
import threading
from typing import Any

from gunicorn.app.base import BaseApplication


class _Server(BaseApplication):
    def __init__(self, application: str, workers: int, socket: str) -> None:
        self._application, self._workers, self._socket = application, workers, socket
        self._ready, self._tell_ready = os.pipe()
        super().__init__()

    def load_config(self) -> None:
        for key, value in {
            "bind": f"unix:{self._socket}" if self._socket else "127.0.0.1:0",
            "workers": self._workers,
            "worker_class": "uvicorn.workers.UvicornWorker",
            "keepalive": 3600,  # seconds; the benchmark keeps its connections open, as the pool does
            "loglevel": "warning",
            "when_ready": self._started,
            "post_worker_init": lambda _worker: os.write(self._tell_ready, b"."),
        }.items():
            self.cfg.set(key, value)

    def load(self) -> Any:
        return importlib.import_module(self._application).app

    def _started(self, arbiter: Any) -> None:
        endpoint = self._socket
        if not endpoint:
            host, port = arbiter.LISTENERS[0].sock.getsockname()[:2]
            endpoint = f"http://{host}:{port}"
        threading.Thread(target=self._tell, args=(endpoint,), daemon=True).start()

    def _tell(self, endpoint: str) -> None:
        for _ in range(self._workers):
            os.read(self._ready, 1)
        print(json.dumps({"endpoints": [endpoint]}), flush=True)


def _end_with_input() -> None:
    while os.read(sys.stdin.fileno(), 1):
        pass
    os.kill(os.getpid(), signal.SIGQUIT)


if __name__ == "__main__":
    os.setpgid(0, 0)
    threading.Thread(target=_end_with_input, daemon=True).start()
    application, *unix, worker_count = sys.argv[1:]
    if unix:
        with tempfile.TemporaryDirectory(prefix="snakepit-peers-") as directory:
            _Server(application, int(worker_count), f"{directory}/socket").run()
    else:
        _Server(application, int(worker_count), "").run()
