"""Tests the call that a template makes to warm up before it forks workers."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Callable
from typing import Any

from snakepit_worker.boot.settings import Settings
from snakepit_worker.roles.warm_up import warm_up
from snakepit_worker.transports.direct_server import Server

from .processes import ProcessTestCase
from .received_frames import as_received


class WarmUp(ProcessTestCase):
    def setUp(self) -> None:
        super().setUp()
        self.addCleanup(signal.signal, signal.SIGIO, signal.getsignal(signal.SIGIO))
        self.answered: list[str | None] = []

    def settings(self, transport: str) -> Settings:
        given = f"directory={self.directory} transport={transport} control=none adapter=none max_payload=1024 worker=0"
        return Settings(given.split())

    def server(self, path: str, serve: Callable[..., Any], limit: int) -> Server:
        def heard(frames: Any, send: Callable[[Any], None]) -> None:
            serve(frames, lambda frame: (self.answered.append(as_received(frame).WhichOneof("frame")), send(frame)))

        return Server(path, heard, limit)

    def test_over_direct_a_ping_and_a_call_are_answered_and_no_file_or_thread_is_left(self) -> None:
        before = set(os.listdir("/proc/self/fd"))
        warm_up(self.settings("direct"), self.server)
        self.assertEqual(self.answered, ["pong", "result"])
        self.assertEqual(set(os.listdir("/proc/self/fd")), before)
        self.assertEqual(os.listdir(self.directory), [])
        self.assertEqual(threading.active_count(), 1)

    def test_over_grpc_nothing_is_called(self) -> None:
        warm_up(self.settings("grpc"), self.server)
        self.assertEqual(self.answered, [])
