"""An adapter whose worker deletes its socket just before it reports that it listens, as long as a file exists."""

from __future__ import annotations

import os
import socket

from snakepit_worker import Adapter, tool
from snakepit_worker.boot import reports


class Unreachable(Adapter):
    def start(self) -> None:
        report = reports.listening

        def listening(control: socket.socket, endpoint: str, reads_memory: bool) -> None:
            if os.path.exists(os.environ["FLAG"]):
                os.unlink(endpoint.removeprefix("unix:"))
            report(control, endpoint, reads_memory)

        reports.listening = listening

    @tool
    def pid(self) -> int:
        return os.getpid()
