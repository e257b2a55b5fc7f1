"""Forks workers when the host commands it, passes on what they print, and reports their exits.

The fork server is one loop on one thread, because a process with several threads cannot be forked safely. Only the
template can report the exit of a worker, because only the parent of a process learns its exit status.
"""

from __future__ import annotations

import functools
import itertools
import logging
from collections.abc import Callable
from typing import TYPE_CHECKING, NoReturn

from ..dispatch.reports import report
from ..originals import os, selectors, signal, socket
from ..process import forks, lifeline, orphans, output
from ..process.children import ChildWatch, ended_child, signal_group, signal_with_group
from ..process.exit import EXIT_SYSTEM_LIMIT, disinherit, exit_by, exit_now
from ..process.limits import require_descriptors
from ..process.origins import Origins, number_of
from ..protocol.control import Command, Report
from ..protocol.framing import FrameBuffer, framed

if TYPE_CHECKING:
    from typing import Unpack

    from ..protocol.control import CommandField, ReportFields, Signal

    RunWorker = Callable[[int, str], NoReturn]

_CHUNK = 64 * 1024
_LARGEST_PIPE = 1024 * 1024
# Before a fork, so many file descriptors must be free: a pipe for the new worker, and what is needed to look after all.
_SPARE = 4


class _Worker:
    __slots__ = ("number", "output", "pid")

    def __init__(self, number: int, pid: int, output: int) -> None:
        """Describe a worker's process, which prints to the pipe whose read end is ``output``."""
        self.number = number
        self.pid = pid
        self.output = output


class ForkServer:
    """Forks workers, passes on their output, sends them signals and reports their exits."""

    def __init__(
        self, control: socket.socket, lifeline_descriptor: int, children: ChildWatch, run_worker: RunWorker
    ) -> None:
        """Take commands from ``control``, and call ``run_worker(number, directory)`` in each process that is forked."""
        self._control = control
        self._lifeline = lifeline_descriptor
        self._run_worker = run_worker
        self._commands = FrameBuffer(Command)
        self._workers: dict[int, _Worker] = {}
        self._selector = selectors.DefaultSelector()
        self._children = children
        self._origins = Origins()

    def serve(self) -> None:
        """Carry out commands until the host closes the control channel or ends; then kill what comes from workers."""
        self._selector.register(self._control, selectors.EVENT_READ, self._obey)
        self._selector.register(self._lifeline, selectors.EVENT_READ, _stop)
        self._selector.register(self._children.descriptor, selectors.EVENT_READ, self._reap)
        self._children.start()
        try:
            serving = True
            while serving:
                for key, _ in self._selector.select():
                    if key.data(key) is False:
                        serving = False
        except ConnectionError:
            pass  # the host has closed the channel without reading all reports
        self._end_workers()

    def _end_workers(self) -> None:
        for pid in self._workers:
            signal_with_group(pid, signal.SIGKILL)
        for pid in self._workers:
            os.waitpid(pid, 0)
        orphans.kill_those_of_ended_workers(self._origins, (), ())

    def _obey(self, _: selectors.SelectorKey) -> bool:
        received = self._control.recv(_CHUNK)
        # Fork commands that arrive together are carried out as one, so that their workers share more memory, see _fork.
        for kind, commands in itertools.groupby(self._commands.add(received), _kind):
            if kind == "fork":
                asked = [command.fork for command in commands]
                # A frame has the path as text. Here, a path is text from which the locale's encoding makes its bytes.
                directory = os.fsdecode(asked[-1].directory.encode())
                self._fork([number for fork in asked for number in fork.workers], directory)
            else:
                for command in commands:
                    self._signal(command.signal)
        return bool(received)

    def _signal(self, asked: Signal) -> None:
        for process in self._workers.values():
            if process.number == asked.worker:
                signal_with_group(process.pid, asked.number)

    def _fork(self, numbers: list[int], directory: str) -> None:
        """Fork workers, and do all bookkeeping afterwards: memory that is written between two forks is not shared."""
        self._children.stop()
        output.flush()  # otherwise each worker would also print what is still buffered
        template = os.getpid()
        lifeline.kill_at_end(self._lifeline)  # the adapter may have registered code that runs at each fork, and hangs
        forked: list[tuple[int, int, int, int]] = []
        for number in numbers:
            try:
                require_descriptors(_SPARE, "forking a worker")
                reading, writing = os.pipe()
                pid = _fork_or_close(reading, writing)
            except OSError as error:  # the system has no more descriptors or processes; other workers go on
                problem = f"this worker could not be forked: {error}\n"
                self._report(worker_output={"worker": number, "text": problem.encode()})
                self._report(worker_exited={"worker": number, "status": EXIT_SYSTEM_LIMIT})
                continue
            forked.append((number, pid, reading, writing))
            if pid == 0:
                self._become_worker(number, directory, template, writing, forked)
        for number, pid, reading, writing in forked:
            os.close(writing)
            self._look_after(_Worker(number, pid, reading))
        self._children.start()
        lifeline.wake_at_end(self._lifeline)

    def _look_after(self, process: _Worker) -> None:
        os.set_blocking(process.output, False)
        self._workers[process.pid] = process
        self._selector.register(process.output, selectors.EVENT_READ, functools.partial(self._pass_on, process))
        self._report(forked={"worker": process.number, "pid": process.pid})

    def _become_worker(
        self, number: int, directory: str, template: int, writing: int, forked: list[tuple[int, int, int, int]]
    ) -> NoReturn:
        try:
            forks.claim()
            disinherit()
            output.redirect_to(writing)  # first, so that the host learns of all that fails
            lifeline.adopt_in_fork(self._lifeline, template)
            if not self._origins.mark_own(number):
                output.log("programs of this worker that leave its process group will end with the pool\n")
            # Descriptors are closed by number. Closing the objects would write to memory shared with the template.
            self._children.close()
            for descriptor in (self._control.fileno(), self._selector.fileno()):
                os.close(descriptor)
            for other in self._workers.values():
                os.close(other.output)
            for _, _, reading, its_writing in forked:
                os.close(reading)
                os.close(its_writing)
            self._run_worker(number, directory)
        except BaseException as error:
            if forks.is_fork():
                forks.leave(error)
            report(logging.CRITICAL, "the worker has failed")
            exit_by(error)
        exit_now(1)  # the forked process must not return to the template's loop

    def _pass_on(self, process: _Worker, _: selectors.SelectorKey) -> None:
        """Pass on to the host what a worker has printed."""
        if process.pid not in self._workers:
            return  # the worker was reaped while earlier events of the same select() were handled
        try:
            text = os.read(process.output, _CHUNK)
        except BlockingIOError:
            return
        if text:
            self._report(worker_output={"worker": process.number, "text": text})
        else:
            self._selector.unregister(process.output)

    def _reap(self, _: selectors.SelectorKey) -> None:
        """Reap every child that has exited, including processes that ended workers have left behind."""
        self._children.clear()
        ended: list[tuple[_Worker, int]] = []
        while (pid := ended_child()) is not None:
            process = self._workers.pop(pid, None)
            if process is not None:
                signal_group(pid, signal.SIGKILL)  # before it is reaped: after that, its process id may be reused
            status = os.waitpid(pid, 0)[1]
            if process is not None:
                ended.append((process, os.waitstatus_to_exitcode(status)))
        living = {number_of(process.number) for process in self._workers.values()}
        # before the exits are reported to the host
        orphans.kill_those_of_ended_workers(self._origins, self._workers, living)
        for process, code in ended:
            self._report_end(process, code)

    def _report_end(self, process: _Worker, status: int) -> None:
        """Pass on a worker's last output, and report its exit."""
        # At most what a pipe can hold is read, because a program that the worker has started may still run and print.
        for _ in range(_LARGEST_PIPE // _CHUNK):
            try:
                text = os.read(process.output, _CHUNK)
            except BlockingIOError:
                break
            if not text:
                break
            self._report(worker_output={"worker": process.number, "text": text})
        if process.output in self._selector.get_map():
            self._selector.unregister(process.output)
        os.close(process.output)
        self._report(worker_exited={"worker": process.number, "status": status})

    def _report(self, **report: Unpack[ReportFields]) -> None:
        self._control.sendall(framed(Report(**report)))


def _stop(_: selectors.SelectorKey) -> bool:
    return False


def _kind(command: Command) -> CommandField | None:
    return command.WhichOneof("command")


def _fork_or_close(*descriptors: int) -> int:
    try:
        return os.fork()
    except OSError:
        for descriptor in descriptors:
            os.close(descriptor)
        raise
