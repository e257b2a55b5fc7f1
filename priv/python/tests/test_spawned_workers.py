"""Tests spawned workers, which run in new Python processes instead of forks of a template."""

from __future__ import annotations

import os
from pathlib import Path

from snakepit_worker.protocol.control import BootFailure

from .processes import DEADLINE, ProcessTestCase, eventually, pipe, run_python
from .template_host import DRAIN, MEET, MEETING, Host


class SpawnedWorkers(ProcessTestCase):
    def test_a_worker_whose_stop_raises_prints_the_error_and_ends_at_once(self) -> None:
        host = Host(self, "worker", "    def stop(self):\n        raise LookupError('cannot stop')", worker=1)
        endpoint = host.wait_for("listening").endpoint
        client = run_python(DRAIN, endpoint)
        self.assertEqual(client.stdout, "drained\n", client.stderr)
        self.assertEqual(host.process.wait(DEADLINE), 1)
        self.assertIn(b"LookupError: cannot stop", pipe(host.process.stderr).read())

    def test_a_worker_that_cannot_listen_prints_the_path_of_its_socket(self) -> None:
        host = Host(self, "worker", "    def start(self):\n        os.mkdir('1.sock'); os.mkdir('1.sock/x')", worker=1)
        self.assertEqual(host.process.wait(DEADLINE), 1)
        self.assertIn(b"1.sock", pipe(host.process.stderr).read())

    def test_a_capacity_that_the_adapter_does_not_allow_is_refused_with_advice(self) -> None:
        for role in ("worker", "template"):
            with self.subTest(role):
                host = Host(self, role, capacity=2)
                failure = host.wait_for("boot_failure")
                self.assertEqual(failure.kind, BootFailure.ADAPTER)
                self.assertIn("declare concurrent = True in it once they may", failure.message)
                self.assertIn("SnakepitOptions.MaxConcurrentCallsPerWorker to 1", failure.message)
                self.assertEqual(host.process.wait(DEADLINE), 71)
                (self.directory / "control.sock").unlink()

    def test_async_and_plain_tools_are_served_at_the_same_time(self) -> None:
        host = Host(self, "worker", MEETING, worker=1, capacity=2)
        client = run_python(MEET, host.wait_for("listening").endpoint)
        self.assertEqual(client.stdout, "result\nresult\ndrained\n", client.stderr)
        self.assertEqual(host.process.wait(DEADLINE), 0)
        self.assertNotIn(b"Traceback", pipe(host.process.stderr).read())

    def test_a_forked_worker_serves_async_and_plain_tools_too(self) -> None:
        host = Host(self, "template", MEETING, capacity=2)
        self.assertEqual(host.wait_for("prepared").extra_threads, 0)
        host.fork(1)
        endpoint = f"unix:{self.directory}/1.sock"
        self.assertTrue(eventually(Path(endpoint.removeprefix("unix:")).exists))
        client = run_python(MEET, endpoint)
        self.assertEqual(client.stdout, "result\nresult\ndrained\n", client.stderr)
        self.assertEqual(host.exited(1).status, 0)

    def test_a_worker_that_sleeps_in_c_code_ends_with_its_host(self) -> None:
        (self.directory / "spin").touch()
        (self.directory / "start_child").touch()
        host = Host(self, "worker", worker=1)
        host.wait_for("hello")
        text = b""
        while b"child" not in text or not text.endswith(b"\n"):
            text += os.read(pipe(host.process.stderr).fileno(), 4096)
        child = int(text.decode().split("child ")[1])
        pipe(host.process.stdin).close()
        self.assert_gone(host.process.pid, child, within=1)

    def test_files_in_the_fallback_directories_hide_nothing_that_a_process_needs(self) -> None:
        for file in ("google.py", "grpc_tools.py"):
            (self.directory / file).write_text("raise SystemExit('not for Snakepit')\n")
        for role, report in (("worker", "listening"), ("template", "prepared")):
            with self.subTest(role):
                host = Host(self, role, worker=1)
                host.wait_for(report)
                (self.directory / "control.sock").unlink()
