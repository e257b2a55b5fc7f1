"""An adapter whose worker stops itself with SIGSTOP if it finds the file named by FLAG, which it removes first."""

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
