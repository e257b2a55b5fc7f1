"""An adapter whose workers end soon after they are ready, as long as the file named by FLAG exists."""

import os
import threading
import time

from snakepit_worker import Adapter, tool


def _watch() -> None:
    while not os.path.exists(os.environ["FLAG"]):
        time.sleep(0.01)
    os._exit(1)


class DiesWhileFlag(Adapter):
    def start(self) -> None:
        threading.Thread(target=_watch, daemon=True).start()

    @tool
    def ping(self) -> str:
        return "pong"
