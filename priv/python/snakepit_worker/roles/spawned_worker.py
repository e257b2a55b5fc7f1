"""Runs a spawned worker: a new Python process that is not forked from a template and prepares the adapter itself."""

from __future__ import annotations

import traceback
from typing import TYPE_CHECKING, NoReturn

from ..boot import control_channel, preparation
from ..boot.failure import BootFailed
from ..forking.copies import prepare_copies
from ..process import lifeline, output, scheduling, stack_dump
from ..process.exit import exit_now
from .dispatchers import prepare_dispatcher

if TYPE_CHECKING:
    from ..boot.settings import Settings


def run(settings: Settings) -> NoReturn:
    """Run as a worker until the host ends the stream."""
    lifeline.adopt_standard_input()
    output.redirect_to_standard_error()
    stack_dump.show_stack_on_request()
    control = control_channel.connect(settings)
    try:
        control_channel.report_hello(control, settings.worker)
        from .serving import serve

        make_server = preparation.import_transport(settings.transport)
        adapter, tools = preparation.prepare_adapter(settings.adapter, settings.capacity)
        prepare_copies(adapter, [control], is_forked=False).vary(settings.worker)
        scheduling.become_batch_process()
        serve(settings, settings.worker, control, adapter, prepare_dispatcher(settings, tools), make_server)
    except BootFailed as failed:
        exit_now(control_channel.report_failure(control, failed))
    except BaseException:
        traceback.print_exc()
        exit_now(1)
    exit_now(0)
