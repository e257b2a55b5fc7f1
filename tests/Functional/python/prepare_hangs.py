"""An adapter whose prepare() writes the file named by MARKER and then never returns."""

import os
import time

from snakepit_worker import Adapter, tool


class Slow(Adapter):
    def prepare(self) -> None:
        self.download_for_ever()

    def download_for_ever(self) -> None:
        open(os.environ["MARKER"], "a", encoding="utf-8").close()
        time.sleep(1000)

    @tool
    def ping(self) -> str:
        return "pong"
