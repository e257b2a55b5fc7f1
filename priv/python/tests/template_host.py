"""A host for tests of a template and its workers, which run as real processes."""

from __future__ import annotations

import socket
import subprocess
from collections.abc import Callable
from typing import Any

from snakepit_worker.protocol.control import Command, Report
from snakepit_worker.protocol.framing import FrameBuffer, framed

from .processes import DEADLINE, ProcessTestCase

_ADAPTER = """
import os, subprocess, sys, time
from snakepit_worker import Adapter, tool

class Nothing(Adapter):
    def start(self):
        descriptors = {int(name): os.readlink(f"/proc/self/fd/{name}") for name in os.listdir("/proc/self/fd")
                       if os.path.exists(f"/proc/self/fd/{name}")}
        print("descriptors", descriptors, flush=True)
        if os.path.exists("start_child"):
            child = subprocess.Popen(["sleep", "1000"])
            print("child", child.pid, flush=True)
        if os.path.exists("spin"):
            import ctypes
            ctypes.PyDLL(None).sleep(1000)  # C code that holds the GIL
"""

DRAIN = """
import grpc, sys
from snakepit_worker.protocol.frames import HostFrame, WorkerFrame
with grpc.insecure_channel(sys.argv[1]) as channel:
    formats = HostFrame.SerializeToString, WorkerFrame.FromString
    for frame in channel.stream_stream("/snakepit.v1.Worker/Attach", *formats)(iter([HostFrame(drain={})])):
        print(frame.WhichOneof("frame"))
"""

MEETING = """
    concurrent = True

    def __init__(self):
        import threading
        self.barrier = threading.Barrier(2)

    @tool
    def plain(self):
        return self.barrier.wait(20)

    @tool
    async def asynchronous(self):
        import asyncio
        return await asyncio.to_thread(self.barrier.wait, 20)
"""

MEET = """
import grpc, queue, sys
from snakepit_worker.protocol.frames import HostFrame, WorkerFrame
frames = queue.SimpleQueue()
for id, name in enumerate(["plain", "asynchronous"], 1):
    frames.put(HostFrame(call={"id": id, "tool": name}))
frames.put(HostFrame(drain={}))
with grpc.insecure_channel(sys.argv[1]) as channel:
    formats = HostFrame.SerializeToString, WorkerFrame.FromString
    for frame in channel.stream_stream("/snakepit.v1.Worker/Attach", *formats)(iter(frames.get, None)):
        print(frame.WhichOneof("frame"))
        if frame.HasField("drained"):
            frames.put(None)
"""


class Host:
    """Acts as the host of one template and its workers, on their control channels."""

    def __init__(
        self, test: ProcessTestCase, role: str = "template", more: str = "", worker: int = 0, capacity: int = 1
    ) -> None:
        self._test = test
        directory = test.directory
        (directory / "adapter_of_test.py").write_text(_ADAPTER + more)
        self._listener = socket.socket(socket.AF_UNIX)
        test.addCleanup(self._listener.close)
        self._listener.bind(str(directory / "control.sock"))
        self._listener.listen()
        self._listener.settimeout(DEADLINE)
        settings = {
            "directory": directory,
            "adapter": "adapter_of_test",
            "transport": "grpc",
            "max_payload": 1024,
            "worker": worker,
            "capacity": capacity,
            "fallback_path": directory,
        }
        arguments = [f"{name}={value}" for name, value in settings.items()]
        self.process = test.start(
            *("-m", "snakepit_worker", role, *arguments),
            stdin=subprocess.PIPE,
            stderr=subprocess.PIPE,
            cwd=directory,
        )
        self.reports: list[Any] = []
        self._buffer = FrameBuffer(Report)
        self.control = self.accept()

    def accept(self) -> socket.socket:
        connection, _ = self._listener.accept()
        self._test.addCleanup(connection.close)
        connection.settimeout(DEADLINE)
        return connection

    def wait_for(self, kind: str, accept: Callable[[Any], bool] = lambda _: True) -> Any:
        """Read reports until ``accept`` is true for a report of this kind, and return that report."""
        for report in self.reports:
            if report.HasField(kind) and accept(getattr(report, kind)):
                return getattr(report, kind)
        received = self.control.recv(65536)
        if not received:
            raise AssertionError(f"the channel was closed; reports: {self.reports}")
        self.reports += self._buffer.add(received)
        return self.wait_for(kind, accept)

    def fork(self, *workers: int) -> list[int]:
        """Fork workers and return their process ids."""
        self.control.sendall(framed(Command(fork={"workers": workers, "directory": str(self._test.directory)})))
        return self.pids(*workers)

    def pids(self, *workers: int) -> list[int]:
        """Wait until these workers have been forked and return their process ids."""
        return [
            self.wait_for("forked", lambda report, number=number: report.worker == number).pid for number in workers
        ]

    def output(self, worker: int, contains: str) -> str:
        """Wait until a worker has printed the text ``contains``, and return all that it has printed so far."""

        def printed() -> str:
            texts = [r.worker_output.text for r in self.reports if r.worker_output.worker == worker]
            return b"".join(texts).decode()

        self.wait_for("worker_output", lambda _: contains in printed() and printed().endswith("\n"))
        return printed()

    def exited(self, worker: int) -> Any:
        return self.wait_for("worker_exited", lambda report: report.worker == worker)


class TemplateTestCase(ProcessTestCase):
    def prepared(self, more: str = "") -> Host:
        host = Host(self, more=more)
        self.assertEqual(host.wait_for("hello").pid, host.process.pid)
        self.assertEqual(host.wait_for("prepared").extra_threads, 0)
        return host
