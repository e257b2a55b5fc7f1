"""Tests that a template forks workers, passes on their output, and reports their exits."""

from __future__ import annotations

import os
import signal

from snakepit_worker.process.exit import EXIT_SYSTEM_LIMIT
from snakepit_worker.protocol.control import Command, Report
from snakepit_worker.protocol.framing import FrameBuffer, framed

from .processes import is_running
from .template_host import TemplateTestCase


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
        for _ in range(3):
            host.accept()
        for worker in (1, 2, 3):
            text = host.output(worker, "descriptors")
            held = eval(text.splitlines()[0].removeprefix("descriptors "))
            kinds = sorted(link.partition(":")[0] for link in held.values())
            # Standard input is /dev/null. Standard output, standard error and the log are the same pipe. The lifeline
            # is another pipe, and the control channel is a socket.
            self.assertEqual(kinds, ["/dev/null", "pipe", "pipe", "pipe", "pipe", "socket"], held)
            self.assertEqual(held[1], held[2])

    def test_the_last_output_of_a_worker_is_reported_before_its_end(self) -> None:
        host = self.prepared(
            "    def start(self):\n        print('last words', end=''); sys.stdout.flush(); os._exit(7)"
        )
        host.fork(1)
        self.assertEqual(host.exited(1).status, 7)
        self.assertEqual(b"".join(r.worker_output.text for r in host.reports), b"last words")

    def test_commands_that_arrive_together_are_carried_out_in_their_order(self) -> None:
        host = self.prepared()
        stop = Command(signal={"worker": 1, "number": signal.SIGKILL})
        first, second, third = (
            Command(fork={"workers": workers, "directory": str(self.directory)}) for workers in ([1], [2, 3], [4])
        )
        host.control.sendall(b"".join(map(framed, (first, second, stop, third))))
        pids = host.pids(1, 2, 3, 4)
        self.assertEqual(host.exited(1).status, -signal.SIGKILL)
        self.assertEqual([is_running(pid) for pid in pids], [False, True, True, True])

    def test_workers_that_end_while_others_are_forked_are_reported_as_well(self) -> None:
        host = self.prepared("    def start(self):\n        os._exit(7)")
        host.fork(*range(1, 17))
        self.assertEqual({host.exited(worker).status for worker in range(1, 17)}, {7})

    def test_a_worker_has_the_default_handling_of_sigchld(self) -> None:
        host = self.prepared(
            "    def start(self):\n        import signal\n"
            "        print(signal.getsignal(signal.SIGCHLD) == signal.SIG_DFL, signal.set_wakeup_fd(-1), flush=True)"
        )
        host.fork(1, 2)
        for worker in (1, 2):
            self.assertEqual(host.output(worker, "\n"), "True -1\n")

    def test_a_command_signals_the_worker_with_the_given_number(self) -> None:
        host = self.prepared()
        (pid,) = host.fork(1)
        host.accept()
        host.control.sendall(framed(Command(signal={"worker": 1, "number": signal.SIGKILL})))
        self.assertEqual(host.exited(1).status, -signal.SIGKILL)
        self.assert_gone(pid)
        host.control.sendall(
            framed(Command(signal={"worker": 1, "number": signal.SIGKILL}))
        )  # the worker has ended, so the signal has no effect
        self.assertEqual(len(host.fork(2)), 1)

    def test_a_child_of_a_worker_ends_with_the_worker(self) -> None:
        (self.directory / "start_child").touch()
        host = self.prepared()
        (pid,) = host.fork(1)
        child = int(host.output(1, "child").split("child ")[1])
        os.kill(pid, signal.SIGKILL)
        self.assertEqual(host.exited(1).status, -signal.SIGKILL)
        self.assert_gone(child, within=1)

    def test_a_child_that_left_the_group_and_prints_for_ever_does_not_delay_the_report_of_the_end(self) -> None:
        host = self.prepared(
            "    def start(self):\n        subprocess.Popen('yes', start_new_session=True); os._exit(7)"
        )
        host.fork(1)
        self.assertEqual(host.exited(1).status, 7)

    def test_a_worker_that_cannot_be_forked_is_reported_and_the_others_keep_running(self) -> None:
        refuse = (
            "    def prepare(self):\n"
            "        from snakepit_worker.originals import os\n"
            "        fork, left = os.fork, [True, False, True]\n"
            "        def limited():\n"
            "            if left.pop(): return fork()\n"
            "            raise BlockingIOError(11, 'Resource temporarily unavailable')\n"
            "        os.fork = limited\n"
        )
        host = self.prepared(refuse)
        host.fork(1)
        before = len(os.listdir(f"/proc/{host.process.pid}/fd"))
        host.control.sendall(framed(Command(fork={"workers": [2], "directory": str(self.directory)})))
        self.assertEqual(host.exited(2).status, EXIT_SYSTEM_LIMIT)
        self.assertIn("could not be forked", host.output(2, "forked"))
        self.assertEqual(len(os.listdir(f"/proc/{host.process.pid}/fd")), before)
        (third,) = host.fork(3)
        self.assertTrue(is_running(third))
