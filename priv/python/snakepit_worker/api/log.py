"""Loggers whose lines reach the host, whatever an adapter does to Python's logging."""

from __future__ import annotations

import logging
from os import write
from typing import Any

_STANDARD_ERROR = 2


class _HostHandler(logging.Handler):
    """Writes records to the descriptor of standard error, which the host reads. ``sys.stderr`` may be replaced."""

    def emit(self, record: logging.LogRecord) -> None:
        """Write the record. Takes no lock: a cancelled call may be interrupted while it holds one."""
        try:
            line = f"{self.format(record)}\n".encode("utf-8", "backslashreplace")
            while line:
                line = line[write(_STANDARD_ERROR, line) :]
        except Exception:  # arguments that do not fit the message, or a closed descriptor; logging never raises
            self.handleError(record)


_HOST = _HostHandler()
_HOST.setFormatter(logging.Formatter("%(levelname)s %(name)s: %(message)s"))


class HostLogger(logging.Logger):
    """A logger whose lines reach the host once it is told to, and go nowhere else but to handlers of its own.

    What an adapter configures for other loggers has no effect on it then: handlers and levels of the root logger and of
    the logger "snakepit", logging.disable(), disable_existing_loggers. Its own level has, and a root logger's level
    below INFO. In a process without a host, such as a unit test of a tool, it is a logger like any other.
    """

    reaches_host = False

    def getEffectiveLevel(self) -> int:
        """Return the least level that is logged: its own, or else INFO, or the root logger's if that is lower."""
        if not HostLogger.reaches_host:
            return super().getEffectiveLevel()
        return self.level or min(logging.INFO, self.root.level)

    def isEnabledFor(self, level: int) -> bool:
        """Tell whether a record of this level is logged."""
        return level >= self.getEffectiveLevel() if HostLogger.reaches_host else super().isEnabledFor(level)

    def handle(self, record: logging.LogRecord) -> None:
        """Write a record to the host, and pass it to the logger's own handlers."""
        if not HostLogger.reaches_host:
            super().handle(record)
            return
        passed: Any = self.filter(record)
        if passed:
            if isinstance(passed, logging.LogRecord):  # from Python 3.12 on, a filter may return another record
                record = passed
            _HOST.emit(record)
            for handler in self.handlers:
                if record.levelno >= handler.level and not _writes_to_host(handler):
                    handler.handle(record)


def _writes_to_host(handler: logging.Handler) -> bool:
    """Tell whether a handler writes to the standard output or standard error, which both reach the host."""
    stream: Any = getattr(handler, "stream", None)
    try:
        return stream is not None and stream.fileno() in (1, _STANDARD_ERROR)
    except Exception:  # a stream that has no descriptor, or is closed
        return False


def _host_logger(name: str) -> logging.Logger:
    usual = logging.getLoggerClass()
    logging.setLoggerClass(HostLogger)
    try:
        return logging.getLogger(name)
    finally:
        logging.setLoggerClass(usual)


# Made here, before an adapter can set a class of its own for the loggers that are made later.
TOOL_LOG = _host_logger("snakepit.tool")
WORKER_LOG = _host_logger("snakepit.worker")
