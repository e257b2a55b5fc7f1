"""A module with two adapter classes, so that the host must say which class it wants."""

from snakepit_worker import Adapter, tool


class First(Adapter):
    @tool
    def which(self) -> str:
        return "first"


class Second(Adapter):
    @tool
    def which(self) -> str:
        return "second"
