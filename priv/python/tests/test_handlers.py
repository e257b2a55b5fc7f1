"""Tests what becomes of what an adapter's signal handlers raise, at chosen points of the worker's code and of tools."""

from __future__ import annotations

import unittest

from .processes import run_python

_BEGIN = """
import json, os, signal, socket, sys
from snakepit_worker import tool
from snakepit_worker.dispatch.sequential import SequentialDispatcher
from snakepit_worker.dispatch.toolset import Toolset
from snakepit_worker.interrupts.main_thread import MainThreadInterrupts
from snakepit_worker.process import forks, handlers
from snakepit_worker.protocol.frames import HostFrame, WorkerFrame
from snakepit_worker.tools.tool import Tool

forks.watch()
handlers.guard_handlers()
NUMBER = signal.SIGUSR1

def handler(*_):
    raise KIND("raised in the handler")

def interrupt():
    os.kill(os.getpid(), NUMBER)

class Value:
    def __init__(self, given=0):
        interrupt()
        self.given = given

@tool
def echo(given: int) -> int:
    return given

@tool
def interrupted(given: int) -> str:
    try:
        interrupt()
    except BaseException as error:
        return type(error).__name__
    return "nothing"

@tool
def closed(given: int):
    try:
        yield given
    finally:
        interrupt()

def frames(*calls):
    for id, call in enumerate(calls, 1):
        interrupt()
        yield HostFrame(call={"id": id, "tool": call, "arguments": b'{"given": 7}', "streaming": call == "closed"})
        if call == "closed":
            yield HostFrame(credit={"call": id, "chunks": 1})
            yield HostFrame(cancel={"call": id})

def send(frame):
    interrupt()
    frame = WorkerFrame.FromString(frame.SerializeToString())
    kind = frame.WhichOneof("frame")
    print(json.loads(frame.result.value or b"null") if kind == "result" else kind)
    interrupt()

def serve(*calls):
    tools = Toolset([Tool(one) for one in (echo, interrupted, closed)], 1024)
    SequentialDispatcher(1, tools, MainThreadInterrupts(), frames(*calls), send).serve()
"""


class RaisingHandlers(unittest.TestCase):
    def outcome(self, source: str) -> tuple[str, str]:
        done = run_python(_BEGIN + source)
        self.assertEqual(done.returncode, 0, done.stderr)
        return done.stdout.strip(), done.stderr

    def test_what_a_handler_raises_in_the_worker_is_logged_and_in_a_tool_it_is_raised(self) -> None:
        for kind in ("LookupError", "SystemExit", "KeyboardInterrupt", "BaseException"):
            with self.subTest(kind):
                printed, logged = self.outcome(
                    f"KIND = {kind}\nsignal.signal(NUMBER, handler)\nserve('echo', 'interrupted', 'echo')"
                )
                self.assertEqual(printed.split("\n"), ["7", kind, "7"])
                self.assertIn(f"{kind}: raised in the handler", logged)
                self.assertIn("in handler\n", logged)
                self.assertIn("the worker goes on", logged)

    def test_what_a_handler_raises_while_a_generator_is_closed_ends_its_cleaning_up_only(self) -> None:
        printed, logged = self.outcome("KIND = LookupError\nsignal.signal(NUMBER, handler)\nserve('closed', 'echo')")
        self.assertEqual(printed.split("\n"), ["chunk", "failure", "7"])
        self.assertIn("closing its generator failed", logged)

    def test_a_handler_that_was_set_before_the_adapter_is_loaded_is_guarded_too(self) -> None:
        before = _BEGIN.replace("handlers.guard_handlers()\n", "")
        done = run_python(
            f"{before}\nKIND = SystemExit\nsignal.signal(NUMBER, handler)\nhandlers.guard_handlers()\nserve('echo')"
        )
        self.assertEqual(done.stdout.strip(), "7", done.stderr)

    def test_an_adapter_sees_the_handlers_that_it_has_set_itself(self) -> None:
        printed, _ = self.outcome(
            "KIND = LookupError; first = signal.getsignal(NUMBER)\n"
            "print(signal.signal(NUMBER, handler) is first, signal.getsignal(NUMBER) is handler)\n"
            "print(signal.signal(NUMBER, first) is handler, signal.getsignal(NUMBER) is first)\n"
            "print(signal.signal(NUMBER, signal.SIG_IGN) is first, signal.getsignal(NUMBER) is signal.SIG_IGN)"
        )
        self.assertEqual(set(printed.split()), {"True"})

    def test_an_exception_that_raises_when_it_is_formatted_is_logged_without_its_traceback(self) -> None:
        printed, logged = self.outcome(
            "class KIND(Exception):\n"
            "    __notes__ = property(lambda self: 1 / 0)\n"
            "    def __str__(self): raise SystemExit\n"
            "signal.signal(NUMBER, handler)\nserve('echo')"
        )
        self.assertEqual(printed, "7")
        self.assertIn("KIND", logged)

    def test_an_exception_that_comes_again_and_again_is_counted(self) -> None:
        _, logged = self.outcome(
            "KIND = LookupError\nsignal.signal(NUMBER, handler)\nserve(*['echo'] * 100)\n"
            "import time; time.sleep(0.15); serve('echo')"
        )
        self.assertRegex(logged, r"and \d+ times since the last such line")
        self.assertLess(logged.count("Traceback"), 20)

    def test_a_process_that_a_handler_forks_in_the_worker_ends_with_the_handler(self) -> None:
        for end, code in (("return", 0), ("sys.exit(4)", 4), ("raise LookupError", 1)):
            with self.subTest(end):
                printed, _ = self.outcome(
                    "def handler(*_):\n"
                    "    if pid := os.fork():\n"
                    "        print('code', os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))\n"
                    f"    else:\n        {end}\n"
                    "def frames(*_):\n"
                    "    interrupt()\n"
                    "    yield HostFrame(ping={'sequence': 1})\n"
                    "send = lambda frame: print(frame.WhichOneof('frame'))\n"
                    "signal.signal(NUMBER, handler)\nforks.claim()\nserve()"
                )
                self.assertEqual(printed.split("\n"), [f"code {code}", "pong"])
