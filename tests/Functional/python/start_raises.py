"""An adapter whose prepare() succeeds but whose start() raises an error."""

from snakepit_worker import Adapter, tool


class Unstarted(Adapter):
    def start(self) -> None:
        raise ConnectionRefusedError("the database is down")

    @tool
    def ping(self) -> str:
        return "pong"
