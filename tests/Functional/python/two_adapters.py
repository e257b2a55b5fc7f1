"""Two adapters: the host must say which."""

from snakepit_worker import Adapter, tool


class First(Adapter):
    @tool
    def which(self) -> str:
        return "first"


class Second(Adapter):
    @tool
    def which(self) -> str:
        return "second"
