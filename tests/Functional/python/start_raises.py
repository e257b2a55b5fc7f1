"""An adapter that is prepared but whose workers cannot start."""

from snakepit_worker import Adapter, tool


class Unstarted(Adapter):
    def start(self) -> None:
        raise ConnectionRefusedError("the database is down")

    @tool
    def ping(self) -> str:
        return "pong"
