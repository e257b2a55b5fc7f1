"""An adapter whose prepare() raises an error."""

from snakepit_worker import Adapter, tool


class Unprepared(Adapter):
    def prepare(self) -> None:
        raise FileNotFoundError("the model is missing")

    @tool
    def ping(self) -> str:
        return "pong"
