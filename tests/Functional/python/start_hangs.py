"""An adapter whose start() writes the file named by MARKER in each worker and then never returns."""

import os
import time

from snakepit_worker import Adapter, tool


class Stuck(Adapter):
    def start(self) -> None:
        self.connect_for_ever()

    def connect_for_ever(self) -> None:
        open(os.environ["MARKER"], "a", encoding="utf-8").close()
        time.sleep(1000)

    @tool
    def ping(self) -> str:
        return "pong"
