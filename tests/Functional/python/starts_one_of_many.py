"""An adapter with which only one worker can start, until the file ``open`` exists in the folder PROBE_DIRECTORY."""

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
