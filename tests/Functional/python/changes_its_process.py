"""An adapter that changes its process when it is imported, in the way that the variable HOW names."""

from __future__ import annotations

import faulthandler
import io
import os
import signal
import sys
import time
from typing import NoReturn

from probe_marks import mark

from snakepit_worker import tool

HOW = os.environ["HOW"]
if HOW == "directory":
    os.chdir("/")
elif HOW == "mask":
    os.umask(0o777)
elif HOW == "blocked signals":
    signal.pthread_sigmask(signal.SIG_BLOCK, signal.valid_signals())
elif HOW == "handled signals":
    for _number in (signal.SIGCHLD, signal.SIGPIPE, signal.SIGIO):
        signal.signal(_number, signal.SIG_IGN)
elif HOW == "streams":
    sys.stdout, sys.stderr = None, io.StringIO()
elif HOW == "diagnosis":
    faulthandler.disable()
    sys.setrecursionlimit(100_000)
    sys.settrace(lambda *_: None)
elif HOW == "environment":
    os.environ.clear()
    os.nice(1)
elif HOW == "closes descriptors":
    os.closerange(3, 4096)
elif HOW == "closes many descriptors":
    os.closerange(0, 1000)
elif HOW == "closes all descriptors and raises":
    os.closerange(0, 65536)
    raise LookupError(HOW)
elif HOW == "closes what it prints to":
    os.close(1)
    os.close(2)
elif HOW == "becomes a daemon":
    if os.fork():
        os._exit(0)
    os.setsid()
elif HOW == "forks":
    os.fork()
elif HOW == "starts Python anew":
    os.execv(sys.executable, [sys.executable, *sys.argv])
elif HOW == "starts Python anew with its arguments":
    os.execv(sys.executable, sys.orig_argv)
elif HOW == "becomes another program":
    os.execvp("sleep", ["sleep", "1000"])
elif HOW == "exits":
    sys.exit("no licence")
elif HOW == "ends":
    os.write(2, b"no licence\n")
    os._exit(9)


def start() -> None:
    if HOW == "becomes another program in start()":
        become("sleep")


@tool
def become(program: str) -> NoReturn:
    os.execvp(program, [program, "1000"])


@tool
def pid() -> int:
    return os.getpid()


@tool
def wait(marker: str) -> None:
    os.umask(0o077)
    mark(marker)
    time.sleep(1000)


@tool
def die() -> NoReturn:
    os._exit(7)
