"""Measures ``ProcessPoolExecutor`` of the standard library, to compare the pool with it: ``process_pool.py WORKERS``.

The calls are made in Python, because a .NET program cannot use this executor. When all workers have answered, the
program prints one line of JSON, ``{"endpoints": []}``. Then it reads requests from standard input, one a line, until
that is closed. It answers ``{"callers": N, "seconds": S}`` with ``{"calls": N, "seconds": S}``, and ``{"count": N}``
with ``{"times": [seconds of each call, one after another]}``. In a request with a count, ``"length": L`` makes each
call send an array of L float32 to a worker and back.
"""

from __future__ import annotations

import json
import os
import sys
import threading
import time
from concurrent.futures import ProcessPoolExecutor
from typing import Any


def _ping(message: str = "pong") -> dict[str, Any]:
    return {"message": message, "time": time.time()}


def _echo(array: Any) -> Any:
    return array


def _closed(pool: ProcessPoolExecutor, callers: int, seconds: float) -> dict[str, Any]:
    calls = [0] * callers
    start = time.perf_counter()

    def loop(caller: int) -> None:
        while time.perf_counter() - start < seconds:
            pool.submit(_ping).result()
            calls[caller] += 1

    threads = [threading.Thread(target=loop, args=(caller,)) for caller in range(callers)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return {"calls": sum(calls), "seconds": time.perf_counter() - start}


def _single(pool: ProcessPoolExecutor, count: int, length: int | None) -> dict[str, Any]:
    call: tuple[Any, ...] = (_ping,)
    if length is not None:
        import numpy  # the other calls do not need it

        call = (_echo, numpy.arange(length, dtype=numpy.float32))
    times = []
    for _ in range(count):
        start = time.perf_counter()
        pool.submit(*call).result()
        times.append(time.perf_counter() - start)
    return {"times": times}


def main(workers: int) -> None:
    """Answer requests from standard input until it is closed."""
    with ProcessPoolExecutor(workers) as pool:
        list(pool.map(_ping, ["pong"] * 8 * workers))
        print(json.dumps({"endpoints": []}), flush=True)
        for line in sys.stdin:
            request = json.loads(line)
            if "count" in request:
                answer = _single(pool, request["count"], request.get("length"))
            else:
                answer = _closed(pool, request["callers"], request["seconds"])
            print(json.dumps(answer), flush=True)


if __name__ == "__main__":
    os.setpgid(0, 0)
    main(int(sys.argv[1]))
