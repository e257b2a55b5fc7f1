"""The plain tools of ``probe_contexts``, without the asynchronous ones."""

from probe_contexts import argument, chunks, error, passed, result

__all__ = ["argument", "chunks", "error", "passed", "result"]
