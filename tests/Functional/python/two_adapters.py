"""A module with two adapters, so that the host must name the class of one."""

from snakepit_worker import Adapter, tool


class First(Adapter):
    @tool
    def which(self) -> str:
        return "first"


class Second(Adapter):
    @tool
    def which(self) -> str:
        return "second"
