"""An adapter whose preparation never ends."""

import time

from snakepit_worker import Adapter, tool


class Slow(Adapter):
    def prepare(self) -> None:
        self.download_for_ever()

    def download_for_ever(self) -> None:
        time.sleep(1000)

    @tool
    def ping(self) -> str:
        return "pong"
