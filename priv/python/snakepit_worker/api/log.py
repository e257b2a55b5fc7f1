"""Loggers whose lines reach the host, whatever an adapter does to Python's logging."""

from __future__ import annotations

import logging
import traceback
from collections.abc import Callable
from os import fstat, write
from typing import Any

_STANDARD_ERROR = 2
_PRINTED_TO = (_STANDARD_ERROR, 1)


class HostLog:
    """The pipe that the host reads as the log of this process.

    Code of the adapter may redirect or close standard error, and even the descriptor that is kept for the log. The next
    file or socket that is opened then gets the number. So each text is written to a descriptor that still leads to the
    pipe; if there is none, the text is dropped, because it must not be written into a file of the user's.
    """

    descriptor = _STANDARD_ERROR
    _file: tuple[int, int] | None = None  # what file_of has returned for the pipe; None before ``keep``

    @classmethod
    def keep(cls, descriptor: int) -> None:
        """Write to ``descriptor`` from now on. It leads to the pipe."""
        cls.descriptor, cls._file = descriptor, file_of(descriptor)

    @classmethod
    def has_own(cls) -> bool:
        """Tell whether ``keep`` was called."""
        return cls._file is not None

    @classmethod
    def write(cls, text: str) -> None:
        """Write ``text``. Takes no lock: a cancelled call may be interrupted while it holds one."""
        descriptor = cls.descriptor if cls._file is None else cls.found()
        left = text.encode("utf-8", "backslashreplace")
        while left and descriptor is not None:
            left = left[write(descriptor, left) :]

    @classmethod
    def found(cls) -> int | None:
        """Return a descriptor that leads to the pipe, or None if no known one does any more."""
        for descriptor in (cls.descriptor, *_PRINTED_TO):
            if cls._file is not None and file_of(descriptor) == cls._file:
                return descriptor
        return None


def file_of(descriptor: int) -> tuple[int, int] | None:
    """Return what identifies the file, pipe or socket behind a descriptor, or None if the descriptor is closed."""
    try:
        found = fstat(descriptor)
    except OSError:
        return None
    return found.st_dev, found.st_ino


class _HostHandler(logging.Handler):
    """Writes records to the log of the host. ``sys.stderr`` may be replaced."""

    def emit(self, record: logging.LogRecord) -> None:
        """Write the record."""
        try:
            HostLog.write(f"{self.format(record)}\n")
        except Exception:  # arguments that do not fit the message, or a pipe that nobody reads; logging never raises
            self.handleError(record)

    def handleError(self, record: logging.LogRecord) -> None:
        """Write why the record could not be written, and where it was logged, as Python does to ``sys.stderr``."""
        if logging.raiseExceptions:
            try:
                where = f"{record.pathname}:{record.lineno}"
                HostLog.write(f"A line that was logged at {where} could not be written:\n{traceback.format_exc()}")
            except Exception:
                pass  # there is nowhere to write it


# What tells the trace of the running call, as " [TRACE-SPAN]" or an empty text, once a traced call has imported it.
trace_of_call: list[Callable[[], str]] = []


class HostFormatter(logging.Formatter):
    """Writes records as the host reads them: level, logger, in a traced call the trace, and then the message."""

    def formatMessage(self, record: logging.LogRecord) -> str:
        """Return the first line."""
        trace = "".join(tell() for tell in trace_of_call)
        return f"{record.levelname} {record.name}{trace}: {record.message}"


_HOST = _HostHandler()
_HOST.setFormatter(HostFormatter())


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
        return stream is not None and stream.fileno() in _PRINTED_TO
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
