"""One worker of this adapter can start. The others fail until the folder PROBE_DIRECTORY has a file ``open``."""

import os

from snakepit_worker import Adapter, tool


class Exclusive(Adapter):
    def start(self) -> None:
        directory = os.environ["PROBE_DIRECTORY"]
        if not os.path.exists(f"{directory}/open"):
            os.close(os.open(f"{directory}/taken", os.O_CREAT | os.O_EXCL))

    @tool
    def ping(self) -> str:
        return "pong"
