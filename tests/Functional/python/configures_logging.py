"""An adapter that configures Python's logging when it is imported, in the way that the variable HOW names."""

from __future__ import annotations

import io
import logging
import logging.config
import os
import sys

from snakepit_worker import Context, tool


class Silent(logging.Logger):
    def handle(self, record: logging.LogRecord) -> None:
        pass


class Printing(logging.Handler):
    def emit(self, record: logging.LogRecord) -> None:
        print("a handler of the adapter:", record.getMessage())


def _console(level: int) -> logging.Handler:
    handler = logging.StreamHandler(sys.stdout)
    handler.setLevel(level)
    return handler


def _to_closed_stream() -> logging.Handler:
    stream = io.StringIO()
    stream.close()
    return logging.StreamHandler(stream)


HOW = os.environ["HOW"]
_root = logging.getLogger()
if HOW == "dictConfig disables existing loggers":
    logging.config.dictConfig({"version": 1, "handlers": {}, "root": {"level": "ERROR", "handlers": []}})
elif HOW == "logging.disable":
    logging.disable(logging.CRITICAL)
elif HOW == "basicConfig with force":
    logging.basicConfig(force=True, level=logging.ERROR, stream=sys.stdout, format="adapter: %(message)s")
elif HOW == "a console handler of the root logger":
    logging.basicConfig(level=logging.DEBUG, handlers=[_console(logging.DEBUG)])
elif HOW == "a console handler of the tools' logger":
    logging.getLogger("snakepit.tool").addHandler(_console(logging.NOTSET))
elif HOW == "a printing handler of the root logger":
    _root.addHandler(Printing())
elif HOW == "handlers removed and the level raised":
    _root.addHandler(logging.NullHandler())
    _root.handlers.clear()
    _root.setLevel(logging.CRITICAL)
elif HOW == "a logger class that drops everything":
    logging.setLoggerClass(Silent)
    logging.Logger.manager.setLoggerClass(Silent)
elif HOW == "propagation off":
    logging.getLogger("snakepit").propagate = False
    logging.getLogger("snakepit.tool").propagate = False
elif HOW == "a handler with a closed stream":
    _root.addHandler(_to_closed_stream())
elif HOW == "standard error replaced":
    sys.stderr = sys.stdout = io.StringIO()
elif HOW == "root at DEBUG":
    _root.setLevel(logging.DEBUG)
elif HOW == "levels of the logger above":
    logging.getLogger("snakepit").setLevel(logging.ERROR)
    logging.config.dictConfig(
        {"version": 1, "disable_existing_loggers": False, "loggers": {"snakepit": {"level": "CRITICAL"}}}
    )
elif HOW == "own level ERROR":
    logging.getLogger("snakepit.tool").setLevel(logging.ERROR)


@tool
def logs(ctx: Context) -> None:
    ctx.log.debug("a debug line")
    ctx.log.info("an info %s", "line")
    ctx.log.warning("a warning line")
    try:
        raise ValueError("a reason")
    except ValueError:
        ctx.log.exception("an error line")
    os.write(1, b"the end\n")
