"""An adapter of which a worker that starts while the file FLAG exists takes it away and is stopped, as by SIGSTOP from outside."""

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
