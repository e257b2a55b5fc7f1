"""An adapter whose prepare() starts a daemon, which belongs to the template."""

from __future__ import annotations

import probe_escapes

from snakepit_worker import Adapter, tool


class Prepared(Adapter):
    def prepare(self) -> None:
        self.prepared = probe_escapes.escape("daemon")

    def start(self) -> None:
        self.started = probe_escapes.escape("setsid")

    @tool
    def daemons(self) -> list[int]:
        return [self.prepared, self.started]
