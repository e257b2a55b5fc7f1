"""A worker that starts and finds the file FLAG removes it and stops itself with SIGSTOP."""

import os
import signal

from snakepit_worker import Adapter, tool


class StopsWhileFlag(Adapter):
    def start(self) -> None:
        try:
            os.remove(os.environ["FLAG"])
        except FileNotFoundError:
            return
        os.kill(os.getpid(), signal.SIGSTOP)

    @tool
    def ping(self) -> str:
        return "pong"
