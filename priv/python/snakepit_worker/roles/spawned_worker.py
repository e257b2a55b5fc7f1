"""Runs a spawned worker: a new Python process that is not forked from a template and prepares the adapter itself."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, NoReturn

from .. import bundle
from ..boot import control_channel, preparation
from ..boot.failure import BootFailed
from ..boot.integrity import Integrity, require_descriptors
from ..dispatch.reports import report
from ..forking.copies import prepare_copies
from ..process import forks, keeper, lifeline, output, scheduling, signals, stack_dump
from ..process.exit import end_gracefully, exit_by
from ..process.objects import Survey, made_since
from ..process.thread_forks import end_with_thread
from ..process.waits import end_with_handler
from .dispatchers import prepare_dispatcher

if TYPE_CHECKING:
    from ..boot.settings import Settings


def run(settings: Settings, earlier: list[object]) -> NoReturn:
    """Run as a worker until the host ends the stream.

    ``earlier`` has the objects that existed before this package was imported, which a sitecustomize may have made.
    """
    keeper.fork_kept_process()
    forks.claim()
    forks.watch()
    forks.in_each(end_with_thread, end_with_handler)
    signals.leave_to_host()
    lifeline_descriptor = lifeline.adopt_standard_input()
    output.redirect_to_standard_error()
    stack_dump.show_stack_on_request()
    control = control_channel.connect(settings)
    try:
        control_channel.report_hello(control, settings.worker)
        from .serving import serve

        make_server = preparation.import_transport(settings.transport)
        integrity = Integrity(control.fileno(), lifeline_descriptor)
        try:
            adapter, tools = preparation.prepare_adapter(settings)
        finally:
            integrity.check()  # first: without a connection, no other failure could be reported
        require_descriptors()
        survey = Survey([*earlier, *made_since()])
        prepare_copies(survey, adapter, [control], is_forked=False).vary(settings.worker)
        earlier.clear()
        del survey
        scheduling.become_batch_process()
        make_serve = prepare_dispatcher(settings, tools)
        bundle.forget()
        serve(settings, settings.worker, control, adapter, make_serve, make_server)
    except BootFailed as failed:
        end_gracefully(settings.terminate_timeout, status=control_channel.report_failure(control, failed))
    except BaseException as error:
        if forks.is_fork():
            forks.leave(error)
        report(logging.CRITICAL, "the worker has failed")
        exit_by(error)
