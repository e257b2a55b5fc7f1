"""Adapter, the base class for a set of tools that need preparation or keep state in each worker."""

from __future__ import annotations


class Adapter:
    """A set of tools: methods marked with ``@tool``, and three methods to override.

    An adapter that is a module may have functions with the names of these methods.

    With forked workers, one instance is made and prepared in the template process. All workers are forked from the
    template, so each has a copy of the instance. A spawned worker makes and prepares its own instance.

    Attributes:
        concurrent: Set it to True if the tools may run at the same time, in threads or as tasks of one event loop.
            Only then may SnakepitOptions.MaxConcurrentCallsPerWorker be more than 1.

    Example::

        class Embeddings(Adapter):
            def prepare(self) -> None:
                self.model = load_model()

            def start(self) -> None:
                self.cache = connect_to_cache()

            def stop(self) -> None:
                self.cache.close()

            @tool
            def embed(self, texts: list[str]) -> list[list[float]]:
                return self.model.encode(texts)
    """

    concurrent: bool = False

    def prepare(self) -> None:
        """Prepare once what all workers share: load the model, read the data.

        The template runs it before it forks, so it must leave no thread running. An exception keeps the pool from
        starting, and is reported to the .NET program.
        """

    def start(self) -> None:
        """Open what each worker needs for itself: connections, files, threads.

        Each worker runs it once, before its first call. An exception keeps the worker from starting, and is reported
        to the .NET program. At this point the process is scheduled as a batch process (sched(7)); set another policy
        here if you want one. Do not handle the signal SIGIO, which interrupts tools whose calls are cancelled. The
        signals SIGTERM, SIGINT, SIGHUP and SIGQUIT do nothing unless you handle them.
        """

    def stop(self) -> None:
        """Close what ``start`` opened.

        A worker calls this method when it stops after its last call. It is not called when the worker is killed.
        Afterwards the worker waits for threads, and runs the exit handlers that were registered in it.
        """
