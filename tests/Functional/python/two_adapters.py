"""Two adapters in one module: the host must name one of them."""

from snakepit_worker import Adapter, tool


class First(Adapter):
    @tool
    def which(self) -> str:
        return "first"


class Second(Adapter):
    @tool
    def which(self) -> str:
        return "second"
