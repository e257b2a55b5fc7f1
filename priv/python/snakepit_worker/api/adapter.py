"""The class that a set of tools with a life of its own derives from."""

from __future__ import annotations

from typing import ClassVar


class Adapter:
    """A set of tools with a life: methods marked ``@tool``, and three moments to override.

    With forked workers one instance is made and prepared in the template, and every worker gets a copy of it for the
    price of a fork. A spawned worker makes and prepares its own.

    ``concurrent = True`` says that its tools may run at the same time, in threads or as tasks of one event loop; only
    then may a worker have a capacity of more than 1.
    """

    concurrent: ClassVar[bool] = False

    def prepare(self) -> None:
        """Do once what all workers share: load the model, read the data. Leave no thread running behind."""

    def start(self) -> None:
        """Open what each worker needs for itself: connections, files, threads. Runs before the first call.

        The process is a batch process by then (see scheduling.py); set another policy here if it should not be. Its
        SIGIO is taken: the host's cancellations come by it.
        """

    def stop(self) -> None:
        """Close what ``start`` opened. Runs when a worker is drained, not when it is killed."""
