"""An adapter whose workers start only while the file named by FLAG exists."""

import os

from snakepit_worker import Adapter, tool


class StartsWhileFlag(Adapter):
    def start(self) -> None:
        if not os.path.exists(os.environ["FLAG"]):
            raise RuntimeError("the flag is down")

    @tool
    def ping(self) -> str:
        return "pong"
