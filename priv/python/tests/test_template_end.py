"""Tests that a template ends when its host ends, and that workers end when their template ends."""

from __future__ import annotations

import contextlib
import fcntl
import os
import signal
import socket
from pathlib import Path

from snakepit_worker.process import abandoned_sockets
from snakepit_worker.protocol.control import Command
from snakepit_worker.protocol.framing import framed

from .processes import DEADLINE, eventually, is_running, pipe
from .template_host import Host, TemplateTestCase

# Starts a program that has a session and an environment of its own, and prints its process id.
_ESCAPE = """
    def start(self):
        escaped = subprocess.Popen(["/bin/sleep", "1000"], start_new_session=True, env={})
        print("escaped", escaped.pid, flush=True)
"""


class EndOfATemplate(TemplateTestCase):
    def test_a_template_whose_channel_is_closed_ends_its_workers_and_itself(self) -> None:
        (self.directory / "start_child").touch()
        host = self.prepared()
        pids = host.fork(1, 2)
        children = [int(host.output(worker, "child").split("child ")[1]) for worker in (1, 2)]
        host.control.close()
        self.assertEqual(host.process.wait(DEADLINE), 0)
        for pid in pids:
            self.assertFalse(Path(f"/proc/{pid}").exists(), "a worker still exists, perhaps as a zombie")
        self.assert_gone(*children, within=1)

    def test_a_template_whose_channel_is_closed_with_unread_reports_ends_the_same_way(self) -> None:
        host = self.prepared()
        pids = host.fork(1, 2, 3)
        host.control.sendall(
            framed(Command(fork={"workers": [4], "directory": str(self.directory)}))
        )  # the host leaves the reports about this worker unread
        self.assertTrue(eventually(lambda: host.control.recv(1, socket.MSG_PEEK)))
        host.control.close()
        self.assertEqual((host.process.wait(DEADLINE), pipe(host.process.stderr).read()), (0, b""))
        self.assert_gone(*pids)

    def test_a_template_and_its_workers_end_within_a_second_when_the_host_is_killed(self) -> None:
        for busy in ("start_child", "spin"):
            with self.subTest(busy):
                (self.directory / busy).touch()
                host = self.prepared()
                pids = host.fork(1, 2)
                marker = "child" if busy == "start_child" else "descriptors"
                texts = [host.output(worker, marker) for worker in (1, 2)]
                everybody = [host.process.pid, *pids]
                everybody += [int(text.split("child ")[1].split()[0]) for text in texts if "child " in text]
                pipe(host.process.stdin).close()  # the kernel closes this pipe when a host ends
                self.assert_gone(*everybody, within=1)
                self.assertEqual(host.process.wait(DEADLINE), 0)
                (self.directory / "control.sock").unlink()

    def test_a_template_removes_the_sockets_of_a_host_that_was_killed(self) -> None:
        for lock in ("free", "held", "missing"):
            with self.subTest(lock):
                sockets = self.directory / lock
                sockets.mkdir(mode=0o700)
                (sockets / "control.sock").touch()
                (sockets / "1.sock").touch()
                if lock != "missing":
                    (sockets / "owner.lock").touch()
                with (sockets / "owner.lock").open() if lock == "held" else contextlib.nullcontext() as held:
                    if held is not None:
                        fcntl.flock(held, fcntl.LOCK_EX)
                    abandoned_sockets.remove(str(sockets))
                self.assertEqual(sockets.exists(), lock != "free")

    def test_a_template_removes_nothing_but_sockets(self) -> None:
        for other, mode in (("report.txt", 0o700), ("2.sock", 0o755)):
            with self.subTest(other):
                sockets = self.directory / other
                sockets.mkdir()
                sockets.chmod(mode)
                for name in ("owner.lock", "control.sock", other):
                    (sockets / name).touch()
                abandoned_sockets.remove(str(sockets))
                self.assertEqual(len(list(sockets.iterdir())), 3)

    def test_workers_end_when_their_template_is_killed(self) -> None:
        host = self.prepared()
        pids = host.fork(1, 2)
        for _ in range(2):
            host.accept()
        os.kill(host.process.pid, signal.SIGKILL)
        self.assert_gone(*pids, within=1)

    def test_a_stopped_template_leaves_nothing_behind_when_the_host_is_killed(self) -> None:
        host = self.prepared(_ESCAPE)
        pids = [*host.fork(1), int(host.output(1, "escaped").split("escaped ")[1])]
        os.kill(host.process.pid, signal.SIGSTOP)
        host.control.close()
        pipe(host.process.stdin).close()
        self.assertEqual(host.process.wait(DEADLINE), 0)
        self.assertFalse(any(map(is_running, pids)))

    def test_a_template_that_hangs_while_it_forks_ends_with_the_host(self) -> None:
        host = self.prepared(
            "    def prepare(self):\n"
            "        os.register_at_fork(before=lambda: (open('forking', 'w').close(), time.sleep(1000)))\n"
        )
        host.control.sendall(framed(Command(fork={"workers": [1], "directory": str(self.directory)})))
        self.assertTrue(eventually((self.directory / "forking").exists))
        pipe(host.process.stdin).close()
        self.assertEqual(host.process.wait(DEADLINE), -signal.SIGKILL)

    def test_a_template_does_not_run_exit_handlers_when_its_host_has_ended(self) -> None:
        for ends_too in (False, True):
            with self.subTest(ends_too):
                told = self.directory / f"told-{ends_too}"
                host = self.prepared(
                    "    def prepare(self):\n        import atexit, pathlib\n"
                    f"        atexit.register(pathlib.Path({str(told)!r}).touch)\n"
                )
                if ends_too:
                    pipe(host.process.stdin).close()
                else:
                    host.control.close()
                self.assertEqual(host.process.wait(DEADLINE), 0)
                self.assertEqual(told.exists(), not ends_too)
                (self.directory / "control.sock").unlink()

    def test_what_a_preparation_that_fails_has_started_ends_with_the_template(self) -> None:
        host = Host(self, more=_ESCAPE.replace("def start", "def prepare") + "        raise LookupError\n")
        self.assertEqual(host.process.wait(DEADLINE), 71)
        pid = int(pipe(host.process.stderr).read().split(b"escaped ")[1].split()[0])
        self.assertFalse(is_running(pid))
