"""An adapter whose start() never returns; each worker writes the file MARKER first."""

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
