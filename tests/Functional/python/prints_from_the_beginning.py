"""An adapter that prints when it is imported, prepared and started, from Python and from C code."""

import ctypes

from snakepit_worker import Adapter, tool

print("printed at import")
ctypes.CDLL(None).puts(b"printed by C at import")


class Printing(Adapter):
    def prepare(self) -> None:
        print("printed by prepare, " + "x" * 100_000)

    def start(self) -> None:
        print("printed by start")
        ctypes.CDLL(None).puts(b"printed by C in start")

    @tool
    def ping(self) -> str:
        return "pong"
