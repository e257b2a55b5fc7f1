"""Tools that do not end, or end late, when their calls are cancelled."""

from __future__ import annotations

import asyncio
import hashlib
import signal
import time
from concurrent.futures import ThreadPoolExecutor
from typing import NoReturn

from probe_marks import mark

from snakepit_worker import tool


@tool
def swallow_cancel_once(marker: str = "") -> None:
    mark(marker)
    try:
        time.sleep(1000)
    except:  # noqa: E722
        pass
    time.sleep(1000)


@tool
def swallow_forever(marker: str = "") -> NoReturn:
    mark(marker)
    while True:
        try:
            time.sleep(1000)
        except:  # noqa: E722
            pass


@tool
def swallow_and_return(marker: str = "") -> str:
    mark(marker)
    try:
        time.sleep(1000)
    except:  # noqa: E722
        pass
    return "a result for nobody"


@tool
def swallow_and_return_after(ms: float, marker: str = "") -> None:
    mark(marker)
    try:
        time.sleep(1000)
    except:  # noqa: E722
        time.sleep(ms / 1000)


@tool
def uninterruptible(marker: str = "") -> None:
    """Run C code that does not check for signals for a long time."""
    mark(marker)
    hashlib.pbkdf2_hmac("sha256", b"password", b"salt", 2_000_000_000)


@tool
def ignore_sigterm(marker: str = "") -> NoReturn:
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    mark(marker)
    while True:
        try:
            time.sleep(1000)
        except:  # noqa: E722
            pass


@tool
def clean_up_slowly(marker: str, cleaned: str) -> None:
    """Clean up for so long that the host repeats the cancellation; write ``cleaned`` unless that ends the clean-up."""
    try:
        mark(marker)
        time.sleep(1000)
    finally:
        time.sleep(0.3)
        mark(cleaned, "cleaned up")


@tool
def interrupted_in_a_loop_of_its_own(marker: str) -> None:
    """Run an event loop, and block it."""

    async def block() -> None:
        mark(marker)
        time.sleep(1000)

    asyncio.run(block())


@tool
def interrupted_in_a_destructor(marker: str) -> str:
    """Return normally: Python prints an exception that is raised in a destructor, and goes on."""

    class Resource:
        def __del__(self) -> None:
            mark(marker)
            time.sleep(1000)

    Resource()
    return "a result for nobody"


@tool
def interrupted_in_a_thread_pool(marker: str) -> None:
    """Wait for a thread, which goes on when the tool has ended."""
    threads = ThreadPoolExecutor(max_workers=1)
    sleeping = threads.submit(time.sleep, 1)
    mark(marker)
    sleeping.result()
