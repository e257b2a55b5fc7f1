"""Tools that start processes which leave all that their worker has, except that they descend from it."""

from __future__ import annotations

import multiprocessing
import os
import subprocess
import sys
import time
from typing import NoReturn

from probe_marks import mark

from snakepit_worker import tool

_PRINT_AND_SLEEP = "echo $$; exec /bin/sleep 1000 >/dev/null 2>&1"


@tool
def escape(how: str, marker: str = "") -> int:
    """Start a process in a session of its own, without environment, and return its process id."""
    if how == "program":
        pid = subprocess.Popen(["/bin/sleep", "1000"], start_new_session=True, env={}).pid
    elif how == "daemon":
        pid = _daemonize()
    else:
        command = {
            "setsid": ["setsid", "--fork", "env", "-i", "/bin/sh", "-c", _PRINT_AND_SLEEP],
            "background": ["/bin/sh", "-c", "env -i nohup /bin/sleep 1000 >/dev/null 2>&1 & echo $!"],
            "user namespace": ["unshare", "--user", "setsid", "--fork", "env", "-i", "/bin/sh", "-c", _PRINT_AND_SLEEP],
            "process namespace": ["unshare", "--user", "--pid", "--fork", "setsid", "/bin/sleep", "1000"],
        }[how]
        if how == "process namespace":
            pid = subprocess.Popen(command, start_new_session=True, env={"PATH": os.environ["PATH"]}).pid
        else:
            pid = int(subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, check=True).stdout)
    mark(marker, str(pid))
    return pid


@tool
def escape_and_hang(marker: str) -> NoReturn:
    escape("daemon", marker)
    while True:
        time.sleep(1000)


@tool
def escape_and_end(marker: str, how: str) -> NoReturn:
    """Start such a process, and end the worker at once by an exit or by a segmentation fault."""
    escape("daemon", marker)
    if how == "exit":
        os._exit(0)
    os.kill(os.getpid(), 11)
    raise AssertionError


@tool
def flee(name: str) -> None:
    """Start a chain of processes: each starts the next one, in a session of its own, and ends at once."""
    if (child := os.fork()) == 0:
        with open("/proc/self/comm", "w") as opened:
            opened.write(name)
        while True:
            if os.fork() != 0:
                os._exit(0)
            os.setsid()
    os.waitpid(child, 0)


@tool
def daemonize_many(count: int) -> list[int]:
    """Start short programs in the background, in several ways. Return the exit codes of programs in the foreground."""
    codes: set[int] = set()
    for number in range(count):
        code = number % 100
        codes.add(subprocess.run(f"true & setsid true & exit {code}", shell=True, check=False).returncode - code)
        codes.add(subprocess.run(["setsid", "--fork", "true"], check=False).returncode)
    started = [subprocess.Popen(["sh", "-c", f"true & exit {number}"]) for number in range(50)]
    time.sleep(0.2)
    codes.update(process.wait() - number for number, process in enumerate(started))
    forked = multiprocessing.get_context("fork").Process(target=sys.exit, args=(7,))
    forked.start()
    forked.join()
    return [*sorted(codes), forked.exitcode or 0]


@tool
def start_program(command: list[str], marker: str) -> int:
    """Start a program that has a session of its own, and return its process id."""
    return subprocess.Popen([*command, marker], start_new_session=True, stdin=subprocess.DEVNULL).pid


def _daemonize() -> int:
    told, tell = os.pipe()
    if (child := os.fork()) == 0:
        os.setsid()
        if os.fork() == 0:
            os.write(tell, str(os.getpid()).encode())
            os.execve("/bin/sleep", ["renamed", "1000"], {})
        os._exit(0)
    os.waitpid(child, 0)
    os.close(tell)
    with os.fdopen(told, "rb") as opened:
        return int(opened.read())
