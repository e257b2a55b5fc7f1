"""An adapter whose workers start at once while the file named by FLAG exists, and hang in ``start`` otherwise."""

import os
import time

from snakepit_worker import Adapter, tool


class Hanging(Adapter):
    def start(self) -> None:
        if not os.path.exists(os.environ["FLAG"]):
            print("hangs in start")
            time.sleep(1000)

    @tool
    def ping(self) -> str:
        return "pong"
