"""The template and its workers, as real processes; this test is their host."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

from snakepit_worker.protocol.framing import FrameBuffer, framed
from snakepit_worker.protocol.control import BootFailure, Command, Report

from .processes import DEADLINE, ProcessTestCase, eventually, is_running, run_python

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
            ctypes.PyDLL(None).sleep(1000)  # C code that keeps the interpreter's lock
"""

_DRAIN = """
import grpc, sys
from snakepit_worker.protocol.frames import HostFrame, WorkerFrame
with grpc.insecure_channel(sys.argv[1]) as channel:
    formats = HostFrame.SerializeToString, WorkerFrame.FromString
    for frame in channel.stream_stream("/snakepit.v1.Worker/Attach", *formats)(iter([HostFrame(drain={})])):
        print(frame.WhichOneof("frame"))
"""

_MEETING = """
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

_MEET = """
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
    """The host's side of the control channels of one template and its workers."""

    def __init__(
        self, test: ProcessTestCase, role: str = "template", more: str = "", worker: int = 0, capacity: int = 1
    ) -> None:
        self._test = test
        directory = test.directory
        (directory / "adapter_of_test.py").write_text(_ADAPTER + more)
        self._listener = socket.socket(socket.AF_UNIX)
        test.addCleanup(self._listener.close)
        self._listener.bind(str(directory / "host.sock"))
        self._listener.listen()
        self._listener.settimeout(DEADLINE)
        settings = {
            "control": directory / "host.sock",
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
        """Read reports until one of this kind is accepted, and return it."""
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
        self.control.sendall(framed(Command(fork={"workers": workers})))
        return self.pids(*workers)

    def pids(self, *workers: int) -> list[int]:
        """Wait until these workers have been forked and return their process ids."""
        return [
            self.wait_for("forked", lambda report, number=number: report.worker == number).pid for number in workers
        ]

    def output(self, worker: int, contains: str) -> str:
        """Wait until a worker has printed this, and return all that it has printed so far."""

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


class Forking(TemplateTestCase):
    def test_a_worker_is_forked_and_says_hello_on_a_channel_of_its_own(self) -> None:
        host = self.prepared()
        pids = host.fork(1, 2)
        hellos = set()
        for _ in pids:
            buffer, connection = FrameBuffer(Report), host.accept()
            hello = buffer.add(connection.recv(4096))[0].hello
            hellos.add((hello.worker, hello.pid))
        self.assertEqual(hellos, {(1, pids[0]), (2, pids[1])})

    def test_a_worker_holds_no_descriptor_of_its_template_or_of_another_worker(self) -> None:
        host = self.prepared()
        host.fork(1, 2, 3)
        host.accept(), host.accept(), host.accept()
        for worker in (1, 2, 3):
            text = host.output(worker, "descriptors")
            held = eval(text.splitlines()[0].removeprefix("descriptors "))
            kinds = sorted(link.partition(":")[0] for link in held.values())
            # Nothing to read, two ways to one output, the lifeline, and the control channel.
            self.assertEqual(kinds, ["/dev/null", "pipe", "pipe", "pipe", "socket"], held)
            self.assertEqual(held[1], held[2])

    def test_a_workers_end_is_reported_with_its_last_words_before_it(self) -> None:
        host = self.prepared(
            "    def start(self):\n        print('last words', end=''); sys.stdout.flush(); os._exit(7)"
        )
        host.fork(1)
        self.assertEqual(host.exited(1).status, 7)
        self.assertEqual(b"".join(r.worker_output.text for r in host.reports), b"last words")

    def test_commands_that_arrive_together_are_carried_out_in_their_order(self) -> None:
        host = self.prepared()
        stop = Command(signal={"worker": 1, "number": signal.SIGTERM})
        first, second, third = (Command(fork={"workers": workers}) for workers in ([1], [2, 3], [4]))
        host.control.sendall(b"".join(map(framed, (first, second, stop, third))))
        pids = host.pids(1, 2, 3, 4)
        self.assertEqual(host.exited(1).status, -signal.SIGTERM)
        self.assertEqual([is_running(pid) for pid in pids], [False, True, True, True])

    def test_workers_that_end_while_others_are_forked_are_reported_as_well(self) -> None:
        host = self.prepared("    def start(self):\n        os._exit(7)")
        host.fork(*range(1, 17))
        self.assertEqual({host.exited(worker).status for worker in range(1, 17)}, {7})

    def test_a_worker_finds_the_signal_of_children_as_any_process_does(self) -> None:
        host = self.prepared(
            "    def start(self):\n        import signal\n"
            "        print(signal.getsignal(signal.SIGCHLD) == signal.SIG_DFL, signal.set_wakeup_fd(-1), flush=True)"
        )
        host.fork(1, 2)
        for worker in (1, 2):
            self.assertEqual(host.output(worker, "\n"), "True -1\n")

    def test_a_worker_is_signalled_by_its_number(self) -> None:
        host = self.prepared()
        (pid,) = host.fork(1)
        host.accept()
        host.control.sendall(framed(Command(signal={"worker": 1, "number": signal.SIGTERM})))
        self.assertEqual(host.exited(1).status, -signal.SIGTERM)
        self.assert_gone(pid)
        host.control.sendall(framed(Command(signal={"worker": 1, "number": signal.SIGTERM})))  # means nothing any more
        self.assertEqual(len(host.fork(2)), 1)

    def test_what_a_worker_has_started_goes_with_it(self) -> None:
        (self.directory / "start_child").touch()
        host = self.prepared()
        (pid,) = host.fork(1)
        child = int(host.output(1, "child").split("child ")[1])
        os.kill(pid, signal.SIGKILL)
        self.assertEqual(host.exited(1).status, -signal.SIGKILL)
        self.assert_gone(child, within=1)

    def test_a_child_that_has_left_its_workers_group_and_never_stops_printing_holds_up_nobody(self) -> None:
        host = self.prepared(
            "    def start(self):\n        subprocess.Popen('yes', start_new_session=True); os._exit(7)"
        )
        host.fork(1)
        self.assertEqual(host.exited(1).status, 7)

    def test_a_worker_that_cannot_be_forked_is_reported_and_the_others_go_on(self) -> None:
        refuse = (
            "    def prepare(self):\n"
            "        fork, left = os.fork, [True, False, True]\n"
            "        def limited():\n"
            "            if left.pop(): return fork()\n"
            "            raise BlockingIOError(11, 'Resource temporarily unavailable')\n"
            "        os.fork = limited\n"
        )
        host = self.prepared(refuse)
        host.fork(1)
        before = len(os.listdir(f"/proc/{host.process.pid}/fd"))
        host.control.sendall(framed(Command(fork={"workers": [2]})))
        self.assertEqual(host.exited(2).status, 1)
        self.assertIn("could not be forked", host.output(2, "forked"))
        self.assertEqual(len(os.listdir(f"/proc/{host.process.pid}/fd")), before)
        (third,) = host.fork(3)
        self.assertTrue(is_running(third))


class TheEnd(TemplateTestCase):
    def test_a_template_whose_channel_is_closed_ends_its_workers_and_itself(self) -> None:
        (self.directory / "start_child").touch()
        host = self.prepared()
        pids = host.fork(1, 2)
        children = [int(host.output(worker, "child").split("child ")[1]) for worker in (1, 2)]
        host.control.close()
        self.assertEqual(host.process.wait(DEADLINE), 0)
        for pid in pids:
            self.assertFalse(Path(f"/proc/{pid}").exists(), "a worker was left behind, at least as a zombie")
        self.assert_gone(*children, within=1)

    def test_a_channel_that_is_closed_with_reports_unread_ends_a_template_just_so(self) -> None:
        host = self.prepared()
        pids = host.fork(1, 2, 3)
        host.control.sendall(framed(Command(fork={"workers": [4]})))  # its reports are the ones that nobody reads
        self.assertTrue(eventually(lambda: host.control.recv(1, socket.MSG_PEEK)))
        host.control.close()
        self.assertEqual((host.process.wait(DEADLINE), host.process.stderr.read()), (0, b""))
        self.assert_gone(*pids)

    def test_a_host_that_is_killed_takes_everything_along_within_a_second(self) -> None:
        for busy in ("start_child", "spin"):
            with self.subTest(busy):
                (self.directory / busy).touch()
                host = self.prepared()
                pids = host.fork(1, 2)
                marker = "child" if busy == "start_child" else "descriptors"
                texts = [host.output(worker, marker) for worker in (1, 2)]
                everybody = [host.process.pid, *pids]
                everybody += [int(text.split("child ")[1].split()[0]) for text in texts if "child " in text]
                host.process.stdin.close()  # as the kernel does for a host that ends
                self.assert_gone(*everybody, within=1)
                self.assertEqual(host.process.wait(DEADLINE), -signal.SIGKILL)
                (self.directory / "host.sock").unlink()

    def test_a_template_that_is_killed_takes_its_workers_along(self) -> None:
        host = self.prepared()
        pids = host.fork(1, 2)
        host.accept(), host.accept()
        os.kill(host.process.pid, signal.SIGKILL)
        self.assert_gone(*pids, within=1)


class SpawnedWorkers(ProcessTestCase):
    def test_a_worker_whose_stop_raises_says_why_and_ends_at_once(self) -> None:
        host = Host(self, "worker", "    def stop(self):\n        raise LookupError('cannot stop')", worker=1)
        endpoint = host.wait_for("listening").endpoint
        client = run_python(_DRAIN, endpoint)
        self.assertEqual(client.stdout, "drained\n", client.stderr)
        self.assertEqual(host.process.wait(DEADLINE), 1)
        self.assertIn(b"LookupError: cannot stop", host.process.stderr.read())

    def test_a_worker_that_cannot_listen_says_so(self) -> None:
        host = Host(self, "worker", "    def start(self):\n        os.mkdir('1.sock'); os.mkdir('1.sock/x')", worker=1)
        self.assertEqual(host.process.wait(DEADLINE), 1)
        self.assertIn(b"1.sock", host.process.stderr.read())

    def test_a_capacity_that_the_adapter_does_not_allow_is_refused_with_what_to_do(self) -> None:
        for role in ("worker", "template"):
            with self.subTest(role):
                host = Host(self, role, capacity=2)
                failure = host.wait_for("boot_failure")
                self.assertEqual(failure.kind, BootFailure.ADAPTER)
                self.assertIn("declare concurrent = True in it once they may", failure.message)
                self.assertIn("SnakepitOptions.MaxConcurrentCallsPerWorker to 1", failure.message)
                self.assertEqual(host.process.wait(DEADLINE), 71)
                (self.directory / "host.sock").unlink()

    def test_async_and_plain_tools_are_served_at_the_same_time(self) -> None:
        host = Host(self, "worker", _MEETING, worker=1, capacity=2)
        client = run_python(_MEET, host.wait_for("listening").endpoint)
        self.assertEqual(client.stdout, "result\nresult\ndrained\n", client.stderr)
        self.assertEqual(host.process.wait(DEADLINE), 0)
        self.assertNotIn(b"Traceback", host.process.stderr.read())

    def test_a_forked_worker_serves_them_as_well(self) -> None:
        host = Host(self, "template", _MEETING, capacity=2)
        self.assertEqual(host.wait_for("prepared").extra_threads, 0)
        host.fork(1)
        endpoint = f"unix:{self.directory}/1.sock"
        self.assertTrue(eventually(Path(endpoint.removeprefix("unix:")).exists))
        client = run_python(_MEET, endpoint)
        self.assertEqual(client.stdout, "result\nresult\ndrained\n", client.stderr)
        self.assertEqual(host.exited(1).status, 0)

    def test_a_worker_that_is_asleep_in_c_ends_with_its_host(self) -> None:
        (self.directory / "spin").touch()
        (self.directory / "start_child").touch()
        host = Host(self, "worker", worker=1)
        host.wait_for("hello")
        text = b""
        while b"child" not in text or not text.endswith(b"\n"):
            text += os.read(host.process.stderr.fileno(), 4096)
        child = int(text.decode().split("child ")[1])
        host.process.stdin.close()
        self.assert_gone(host.process.pid, child, within=1)
