"""An adapter whose first worker starts at once. The others wait until PROBE_DIRECTORY contains a file ``open``."""

import os
import time

from snakepit_worker import Adapter, tool


class Exclusive(Adapter):
    def start(self) -> None:
        directory = os.environ["PROBE_DIRECTORY"]
        try:
            os.close(os.open(f"{directory}/taken", os.O_CREAT | os.O_EXCL))
        except FileExistsError:
            while not os.path.exists(f"{directory}/open"):
                time.sleep(0.002)

    @tool
    def ping(self) -> str:
        return "pong"
