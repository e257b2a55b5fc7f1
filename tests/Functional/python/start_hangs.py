"""An adapter whose workers never finish starting."""

import time

from snakepit_worker import Adapter, tool


class Stuck(Adapter):
    def start(self) -> None:
        self.connect_for_ever()

    def connect_for_ever(self) -> None:
        time.sleep(1000)

    @tool
    def ping(self) -> str:
        return "pong"
