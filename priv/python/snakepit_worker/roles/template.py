"""The template: imports and prepares the adapter once, then forks a ready worker in milliseconds.

It stays small and single-threaded: one loop that forks on command, passes on what its workers print, and reports how
they end, which only their parent can know.
"""

from __future__ import annotations

import gc
import itertools
import os
import selectors
import signal
import socket
import traceback
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NoReturn

from ..boot import control_channel, preparation
from ..boot.failure import BootFailed
from ..process import lifeline, orphans, output, scheduling, stack_dump
from . import worker

if TYPE_CHECKING:
    from ..api.adapter import Adapter
    from ..boot.settings import Settings
    from .worker import MakeDispatcher

_CHUNK = 64 * 1024
_LARGEST_PIPE = 1024 * 1024


def run(settings: Settings) -> NoReturn:
    """Be the template until the host is done with it."""
    tied = lifeline.adopt_standard_input()
    output.take_over()
    lifeline.become_subreaper()
    stack_dump.show_stack_on_request()
    control = control_channel.connect(settings)
    try:
        control_channel.report_hello(control, worker=0)
        server = preparation.import_transport(settings.transport)
        adapter, tools = preparation.prepare_adapter(settings.adapter, settings.capacity)
    except BootFailed as failed:
        worker.end(control_channel.report_failure(control, failed))
    from ..protocol.framing import framed
    from ..protocol.messages import Report
    from .warm_up import warm_up

    warm_up(settings, server)
    make_dispatcher = worker.prepare_dispatcher(settings, tools)  # once here for all workers

    extra_threads = len(os.listdir("/proc/self/task")) - 1
    # What exists now is shared with every worker; a collection in a worker must not write to its pages.
    gc.collect()
    gc.freeze()
    control.sendall(framed(Report(prepared={"extra_threads": extra_threads})))
    scheduling.give_way_to_the_host()  # forks inherit it
    Template(settings, control, adapter, make_dispatcher, server, tied).serve()
    worker.end(0)


@dataclass(slots=True)
class _Worker:
    number: int
    pid: int
    output: int


class Template:
    """Forks workers and looks after them."""

    def __init__(
        self,
        settings: Settings,
        control: socket.socket,
        adapter: Adapter,
        make_dispatcher: MakeDispatcher,
        server: Any,
        tied: int,
    ) -> None:
        """Take commands from ``control``; ``tied`` is the lifeline's descriptor."""
        from ..protocol.framing import FrameBuffer
        from ..protocol.messages import Command

        self._settings = settings
        self._control = control
        self._adapter = adapter
        self._make_dispatcher = make_dispatcher
        self._server = server
        self._lifeline = tied
        self._commands = FrameBuffer(Command)
        self._workers: dict[int, _Worker] = {}
        self._selector = selectors.DefaultSelector()
        self._child_ended, self._wakeup = os.pipe()
        os.set_blocking(self._child_ended, False)
        os.set_blocking(self._wakeup, False)

    def serve(self) -> None:
        """Carry out commands until the host closes the control channel; then end every worker."""
        self._selector.register(self._control, selectors.EVENT_READ, self._obey)
        self._selector.register(self._child_ended, selectors.EVENT_READ, self._reap)
        self._heed_children()
        try:
            serving = True
            while serving:
                for key, _ in self._selector.select():
                    if key.data(key) is False:
                        serving = False
        except ConnectionError:
            pass  # the host has closed the channel before it had read everything
        self._end_workers()

    def _heed_children(self) -> None:
        """Be woken when a child ends, and at once if one has ended already."""
        signal.signal(signal.SIGCHLD, lambda *_: None)  # the wake-up descriptor does the rest
        signal.set_wakeup_fd(self._wakeup, warn_on_full_buffer=False)
        if _ended_child() is not None:
            os.write(self._wakeup, b"\0")

    def _stop_heeding_children(self) -> None:
        """Leave the signal as any process has it: here it costs a moment, in each fork memory of its own as well."""
        signal.set_wakeup_fd(-1)
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)

    def _end_workers(self) -> None:
        for pid in self._workers:
            _signal_worker(pid, signal.SIGKILL)
        for pid in self._workers:
            os.waitpid(pid, 0)  # or it would be left to a parent that may never ask
        orphans.kill_all()

    def _obey(self, _: selectors.SelectorKey) -> bool:
        received = self._control.recv(_CHUNK)
        for kind, commands in itertools.groupby(self._commands.add(received), _kind):
            if kind == "fork":
                self._fork([number for command in commands for number in command.fork.workers])
            else:
                for command in commands:
                    self._signal(command.signal)
        return bool(received)

    def _signal(self, asked: Any) -> None:
        for process in self._workers.values():
            if process.number == asked.worker:
                _signal_worker(process.pid, asked.number)

    def _fork(self, numbers: list[int]) -> None:
        """Fork workers, then begin to look after them: what is touched between two forks, each keeps a copy of."""
        self._stop_heeding_children()
        output.flush()  # or each worker would print it again
        template = os.getpid()
        forked: list[tuple[int, int, int, int]] = []
        for number in numbers:
            try:
                reading, writing = os.pipe()
                pid = _fork_or_close(reading, writing)
            except OSError as error:  # no more descriptors or processes: the workers there are go on
                problem = f"this worker could not be forked: {error}\n"
                self._report(worker_output={"worker": number, "text": problem.encode()})
                self._report(worker_exited={"worker": number, "status": 1})
                continue
            forked.append((number, pid, reading, writing))
            if pid == 0:
                self._become_worker(number, template, writing, forked)
        for number, pid, reading, writing in forked:
            os.close(writing)
            self._look_after(_Worker(number, pid, reading))
        self._heed_children()

    def _look_after(self, process: _Worker) -> None:
        os.set_blocking(process.output, False)
        self._workers[process.pid] = process
        self._selector.register(process.output, selectors.EVENT_READ, lambda _: self._pass_on(process))
        self._report(forked={"worker": process.number, "pid": process.pid})

    def _become_worker(
        self, number: int, template: int, writing: int, forked: list[tuple[int, int, int, int]]
    ) -> NoReturn:
        try:
            lifeline.adopt_in_fork(self._lifeline, template)
            orphans.mark_own()
            output.send_to(writing)
            # By number: the objects around them stay untouched, on shared pages.
            for descriptor in (self._control.fileno(), self._selector.fileno(), self._child_ended, self._wakeup):
                os.close(descriptor)
            for other in self._workers.values():
                os.close(other.output)
            for _, _, reading, its_writing in forked:
                os.close(reading)
                os.close(its_writing)
            worker.forked(self._settings, number, self._adapter, self._make_dispatcher, self._server)
        except BaseException:
            # Nothing may return into the template's loop in this process.
            traceback.print_exc()
            worker.end(1)

    def _pass_on(self, process: _Worker) -> None:
        """Send on what a worker has printed; an end of file means that nobody can print any more."""
        if process.pid not in self._workers:
            return  # buried a moment ago, in the same round of events
        try:
            text = os.read(process.output, _CHUNK)
        except BlockingIOError:
            return
        if text:
            self._report(worker_output={"worker": process.number, "text": text})
        else:
            self._selector.unregister(process.output)

    def _reap(self, _: selectors.SelectorKey) -> None:
        """Collect every child that has ended, orphans of workers included."""
        os.read(self._child_ended, _CHUNK)
        ended: list[tuple[_Worker, int]] = []
        while (pid := _ended_child()) is not None:
            process = self._workers.pop(pid, None)
            if process is not None:
                _signal_group(pid, signal.SIGKILL)  # before it is reaped: its number is still nobody else's
            status = os.waitpid(pid, 0)[1]
            if process is not None:
                ended.append((process, os.waitstatus_to_exitcode(status)))
        orphans.kill_those_of_the_dead(self._workers)  # before anybody hears of it
        for process, code in ended:
            self._bury(process, code)

    def _bury(self, process: _Worker, status: int) -> None:
        """Pass on a worker's last words, and report its end."""
        for _ in range(_LARGEST_PIPE // _CHUNK):  # not for ever: a child that left the group may still be printing
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

    def _report(self, **report: Any) -> None:
        from ..protocol.framing import framed
        from ..protocol.messages import Report

        self._control.sendall(framed(Report(**report)))


def _kind(command: Any) -> str:
    kind: str = command.WhichOneof("command")
    return kind


def _fork_or_close(*descriptors: int) -> int:
    try:
        return os.fork()
    except OSError:
        for descriptor in descriptors:
            os.close(descriptor)
        raise


def _ended_child() -> int | None:
    """Return a child that has ended and has not been reaped."""
    try:
        ended = os.waitid(os.P_ALL, 0, os.WEXITED | os.WNOHANG | os.WNOWAIT)
    except ChildProcessError:
        return None
    return None if ended is None else ended.si_pid


def _signal_worker(pid: int, number: int) -> None:
    """Signal a worker that has not been reaped, and its group if it has made one already."""
    if not _signal_group(pid, number):
        os.kill(pid, number)


def _signal_group(leader: int, number: int) -> bool:
    """Signal the group of a worker, which outlives its leader as long as somebody is in it; False if it is empty."""
    try:
        os.killpg(leader, number)
    except ProcessLookupError:
        return False
    return True
