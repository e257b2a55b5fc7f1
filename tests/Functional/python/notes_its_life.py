"""An adapter that writes each call of prepare, start and stop to the file named by PROBE_LIFE."""

import os

from snakepit_worker import Adapter, tool


def _note(what: str) -> None:
    with open(os.environ["PROBE_LIFE"], "a", encoding="utf-8") as life:
        life.write(what + "\n")


class Noting(Adapter):
    def prepare(self) -> None:
        _note("prepare")

    def start(self) -> None:
        _note("start")

    def stop(self) -> None:
        _note("stop")

    @tool
    def ping(self) -> str:
        return "pong"
