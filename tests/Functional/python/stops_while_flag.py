"""An adapter whose worker takes the file FLAG away when it starts, if it exists, and is stopped as if from outside."""

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
