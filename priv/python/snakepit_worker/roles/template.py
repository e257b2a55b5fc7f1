"""The template: a process that imports and prepares the adapter once, and then forks workers in milliseconds."""

from __future__ import annotations

import gc
import logging
import os
import sys
from typing import TYPE_CHECKING, NoReturn

from .. import bundle
from ..boot import control_channel, preparation
from ..boot.failure import BootFailed
from ..boot.integrity import Integrity, require_descriptors
from ..dispatch.reports import report
from ..forking.copies import prepare_copies
from ..forking.hubs import renew_hubs
from ..forking.identifiers import vary_uuids
from ..process import abandoned_sockets, forks, lifeline, orphans, output, scheduling, signals, stack_dump
from ..process.children import ChildWatch
from ..process.exit import exit_by, exit_now, finish, hand_down, live_on, take_back
from ..process.objects import Survey, made_since
from ..process.origins import mark_template
from ..process.thread_forks import end_with_thread
from ..process.waits import end_with_handler
from .dispatchers import prepare_dispatcher

if TYPE_CHECKING:
    import socket

    from ..boot.settings import Settings


def run(settings: Settings, earlier: list[object]) -> NoReturn:
    """Run as the template until the host closes the control channel, or ends.

    ``earlier`` has the objects that existed before this package was imported, which a sitecustomize may have made.
    """
    try:
        _prepare_and_fork(settings, earlier)
    except BaseException as error:
        if forks.is_fork():
            forks.leave(error)
        report(logging.CRITICAL, "the template has failed")
        exit_by(error)


def _set_up(mark: int) -> int:
    """Set up this process, and return the descriptor of its lifeline."""
    forks.claim()
    forks.watch()
    forks.in_each(end_with_thread, end_with_handler)
    signals.leave_to_host()
    lifeline.leave_terminal()
    lifeline_descriptor = lifeline.adopt_standard_input()
    output.redirect_to_standard_error()
    lifeline.become_subreaper()
    mark_template(mark)
    stack_dump.show_stack_on_request()
    return lifeline_descriptor


def _prepare_and_fork(settings: Settings, earlier: list[object]) -> NoReturn:
    lifeline_descriptor = _set_up(settings.mark)
    control = control_channel.connect(settings)
    children = ChildWatch()  # before the adapter can take all file descriptors
    try:
        control_channel.report_hello(control, worker=0)
        make_server = preparation.import_transport(settings.transport)
        # These modules need protobuf, which has been found by now. They are imported before the adapter, because it may
        # replace what they import.
        from ..boot import reports
        from .fork_server import ForkServer
        from .serving import run_forked
        from .warm_up import warm_up

        integrity = Integrity(control.fileno(), lifeline_descriptor, children.descriptor)
        try:
            adapter, tools = preparation.prepare_adapter(settings)
        finally:
            integrity.check()  # first: without a connection, no other failure could be reported
    except BootFailed as failed:
        status = control_channel.report_failure(control, failed)
        _end(settings, lifeline_descriptor, control, children, status)
    require_descriptors()
    warm_up(settings, make_server)
    make_serve = prepare_dispatcher(settings, tools)

    bundle.forget()

    extra_threads = len(os.listdir("/proc/self/task")) - 1
    # Workers share the memory of all objects that exist now, until it is written to. The garbage collector does not
    # write to frozen objects.
    gc.collect()
    survey = Survey([*earlier, *made_since(), sys.stdout, sys.stderr])
    hand_down(survey)
    generators = prepare_copies(survey, adapter, [control], is_forked=extra_threads == 0)
    earlier.clear()
    del survey
    gc.freeze()
    lifeline.wake_at_end(lifeline_descriptor)  # from now on, this process notices by itself that the host has ended
    reports.prepared(control, extra_threads)
    scheduling.become_batch_process()  # workers inherit the batch policy

    def run_worker(number: int, directory: str) -> NoReturn:
        if directory != settings.directory:  # otherwise nothing is written to memory that is shared with the template
            settings.directory = directory
        renew_hubs()
        generators.vary(number)
        vary_uuids(number)
        run_forked(settings, number, adapter, make_serve, make_server)

    forks.make_workers()
    ForkServer(control, lifeline_descriptor, children, run_worker).serve()
    forks.claim()
    take_back()
    _end(settings, lifeline_descriptor, control, children, 0)


def _end(
    settings: Settings, lifeline_descriptor: int, control: socket.socket, children: ChildWatch, status: int
) -> NoReturn:
    """End this process as a Python program ends, unless the host has ended too, and leave nothing behind."""
    if not lifeline.has_ended(lifeline_descriptor):
        lifeline.kill_at_end(lifeline_descriptor)  # exit handlers are the adapter's code, and may hang
        finish(settings.terminate_timeout)
        live_on()
    control.close()  # if the adapter has taken all other file descriptors, this one is needed to find its children
    children.start()
    orphans.leave_nothing(children)
    if lifeline.has_ended(lifeline_descriptor):
        abandoned_sockets.remove(settings.directory)  # by the host, which was killed or has not stopped its pool
    exit_now(status)
