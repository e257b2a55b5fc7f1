"""Tests the gRPC transport. Server and client run in one child process, the server on its main thread."""

from __future__ import annotations

import json
import tempfile
import unittest
from typing import Any

from .processes import ProcessTestCase, run_python

_BOTH_SIDES = """
import grpc, inspect, json, os, queue, signal, socket, struct, sys, threading, time, traceback
from snakepit_worker import tool
from snakepit_worker.interrupts.main_thread import MainThreadInterrupts
from snakepit_worker.dispatch.sequential import SequentialDispatcher
from snakepit_worker.dispatch.toolset import Toolset
from snakepit_worker.protocol.descriptors import message
from snakepit_worker.protocol.frames import HostFrame, WorkerFrame
from snakepit_worker.tools.tool import Tool
from snakepit_worker.transports import grpc_server

Request, Response = message("grpc.health.v1.HealthCheckRequest"), message("grpc.health.v1.HealthCheckResponse")
closed = threading.Event()

@tool
def echo(text: str) -> list:
    return [text, threading.current_thread() is threading.main_thread()]

@tool
def sleeps():
    threading.Timer(0.05, lambda: host.send(struct.pack("<Q", 7))).start()
    time.sleep(30)

@tool
def count(to: int = 1_000_000):
    try:
        yield from range(to)
    finally:
        closed.set()

class Attached:
    def __init__(self, channel):
        self._frames = queue.SimpleQueue()
        formats = HostFrame.SerializeToString, WorkerFrame.FromString
        self.answers = channel.stream_stream("/snakepit.v1.Worker/Attach", *formats)(iter(self._frames.get, None))

    def send(self, **frame):
        self._frames.put(HostFrame(**frame))

    def call(self, name, id=1, streaming=False, credit=0, **arguments):
        encoded = json.dumps(arguments).encode()
        self.send(call=dict(id=id, tool=name, arguments=encoded, streaming=streaming, credit=credit))

    def next(self):
        return next(self.answers)

    def end(self):
        self._frames.put(None)

def health(channel, service):
    check = channel.unary_unary("/grpc.health.v1.Health/Check", Request.SerializeToString, Response.FromString)
    return Response.ServingStatus.Name(check(Request(service=service)).status)

def run(client):
    def go():
        try:
            with grpc.insecure_channel(serving.endpoint) as channel:
                print(json.dumps(client(channel)), flush=True)
        except BaseException:
            traceback.print_exc()
            os._exit(1)

    global host
    host, control = socket.socketpair()
    toolset = Toolset([Tool(echo), Tool(sleeps), Tool(count)], 1 << 16)
    interrupts = MainThreadInterrupts().listen(control)
    serve = lambda frames, send: SequentialDispatcher(1, toolset, interrupts, frames, send).serve()
    serving = grpc_server.Server(sys.argv[1] + "/1.sock", serve, 1 << 16)
    thread = threading.Thread(target=go)
    serving.run(thread.start)
    thread.join()
    os._exit(0)
"""

# Each of these scripts removes from grpcio, in its own process, one hook that the transport uses: a future version of
# grpcio may lack the hook.
_WITHOUT_POOL = """
import grpc._server
grpc._server._select_thread_pool_for_behavior = lambda behavior, default_thread_pool: default_thread_pool
"""
_WITHOUT_CALLBACK = """
import grpc._server, inspect
source = inspect.getsource(grpc._server._stream_response_in_pool)
assert source.count("experimental_non_blocking") >= 2
exec(source.replace("experimental_non_blocking", "experimental_no_more"), vars(grpc._server))
"""

_EVERYTHING = """
def client(channel):
    attached = Attached(channel)
    attached.call("echo", text="a")
    echoed = json.loads(attached.next().result.value)
    attached.call("sleeps", id=7)
    interrupted = attached.next().failure.message
    attached.call("count", id=8, streaming=True, credit=2, to=3)
    chunks = [attached.next().chunk.value.decode() for _ in range(2)]
    attached.send(ping=dict(sequence=5))
    pong = attached.next().pong.sequence
    attached.send(credit=dict(call=8, chunks=9))
    rest = [attached.next().WhichOneof("frame") for _ in range(2)]
    attached.send(drain={})
    drained = attached.next().WhichOneof("frame")
    attached.end()
    return [echoed, interrupted, chunks, pong, rest, drained, [frame.WhichOneof("frame") for frame in attached.answers]]
run(client)
"""
_ANSWERED = [["a", True], "cancelled while it ran", ["0", "1"], 5, ["chunk", "result"], "drained", []]


class GrpcTestCase(ProcessTestCase):
    def answers(self, client: str, before: str = "") -> Any:
        """Run server and client in a child process, and return what the client reports."""
        ended = run_python(before + _BOTH_SIDES + client, str(self.directory))
        self.assertEqual(ended.returncode, 0, ended.stderr)
        self.assertEqual(ended.stderr, "")
        return json.loads(ended.stdout)


class Attach(GrpcTestCase):
    def test_calls_run_on_the_main_thread_and_can_be_interrupted_there(self) -> None:
        self.assertEqual(self.answers(_EVERYTHING), _ANSWERED)

    def test_this_grpcio_has_both_hooks(self) -> None:
        hooks = "experimental_thread_pool", "experimental_non_blocking"
        ended = run_python(
            "import sys; from snakepit_worker.transports import grpc_server\n"
            "print(*map(grpc_server._grpc_knows, sys.argv[1:]))",
            *hooks,
            "experimental_of_another_time",
        )
        self.assertEqual(ended.stdout, "True True False\n", ended.stderr)

    def test_a_grpcio_without_the_thread_pool_hook_works_the_same(self) -> None:
        self.assertEqual(self.answers(_EVERYTHING, _WITHOUT_POOL), _ANSWERED)

    def test_a_grpcio_without_the_non_blocking_hook_works_the_same(self) -> None:
        self.assertEqual(self.answers(_EVERYTHING, _WITHOUT_CALLBACK), _ANSWERED)

    def test_a_grpcio_without_both_hooks_works_the_same(self) -> None:
        self.assertEqual(self.answers(_EVERYTHING, _WITHOUT_POOL + _WITHOUT_CALLBACK), _ANSWERED)

    def test_a_second_host_is_refused_and_the_first_one_is_not_disturbed(self) -> None:
        client = """
def client(channel):
    first, second = Attached(channel), None
    first.call("echo", text="a")
    first.next()
    second = Attached(channel)
    try:
        second.next()
        refusal = None
    except grpc.RpcError as error:
        refusal = [error.code().name, error.details()]
    second.end()
    first.call("echo", text="still here")
    answer = json.loads(first.next().result.value)
    first.end()
    return [refusal, answer]
run(client)
"""
        expected = [["FAILED_PRECONDITION", "this worker has a host already"], ["still here", True]]
        for before in ("", _WITHOUT_POOL, _WITHOUT_CALLBACK):
            with self.subTest(before):
                self.assertEqual(self.answers(client, before), expected)

    def test_a_host_that_breaks_off_a_stream_closes_its_generator_and_ends_the_server(self) -> None:
        client = """
def client(channel):
    attached = Attached(channel)
    attached.call("count", streaming=True, credit=1)
    attached.next()
    attached.answers.cancel()
    closed.wait(10)
    return closed.is_set()
run(client)
"""
        for before in ("", _WITHOUT_POOL, _WITHOUT_CALLBACK):
            with self.subTest(before):
                self.assertTrue(self.answers(client, before))

    def test_payloads_up_to_the_limit_pass_and_a_larger_one_only_fails_its_call(self) -> None:
        client = """
def client(channel):
    attached = Attached(channel)
    sizes = []
    for size in ((1 << 16) - 9, 1 << 16):
        attached.call("echo", text="x" * size)
        sizes.append(attached.next().WhichOneof("frame"))
    attached.end()
    return sizes
run(client)
"""
        self.assertEqual(self.answers(client), ["result", "failure"])


class HealthService(GrpcTestCase):
    def test_the_server_and_its_service_are_healthy_and_others_are_unknown(self) -> None:
        client = """
def client(channel):
    statuses = [health(channel, service) for service in ("", "snakepit.v1.Worker")]
    try:
        health(channel, "another")
    except grpc.RpcError as error:
        statuses.append(error.code().name)
    attached = Attached(channel)
    attached.end()
    list(attached.answers)
    return statuses
run(client)
"""
        self.assertEqual(self.answers(client), ["SERVING", "SERVING", "NOT_FOUND"])

    def test_a_watching_client_is_told_when_the_server_stops(self) -> None:
        client = """
def client(channel):
    watch = channel.unary_stream("/grpc.health.v1.Health/Watch", Request.SerializeToString, Response.FromString)
    watched, unknown = watch(Request()), watch(Request(service="another"))
    name = lambda response: Response.ServingStatus.Name(response.status)
    first = name(next(watched))
    attached = Attached(channel)
    attached.end()
    list(attached.answers)
    return [first, name(next(watched)), name(next(unknown))]
run(client)
"""
        self.assertEqual(self.answers(client), ["SERVING", "NOT_SERVING", "SERVICE_UNKNOWN"])


class Forks(unittest.TestCase):
    def test_grpc_runs_no_code_in_forks_unless_somebody_has_asked_for_it(self) -> None:
        source = (
            "import os, grpc; from unittest import mock; from snakepit_worker.transports import grpc_server\n"
            "seen, make = [], grpc.server\n"
            "def server(*given, **named):\n"
            "    seen.append(os.environ.get('GRPC_ENABLE_FORK_SUPPORT'))\n"
            "    return make(*given, **named)\n"
            "with mock.patch.object(grpc, 'server', server):\n"
            "    for number in (1, 2):\n"
            "        grpc_server.Server(f'{sys.argv[1]}/{number}.sock', print, 1024)\n"
            "        seen.append(os.environ.get('GRPC_ENABLE_FORK_SUPPORT'))\n"
            "        os.environ['GRPC_ENABLE_FORK_SUPPORT'] = '1'\n"
            "print(seen, flush=True); os._exit(0)\n"
        )
        with tempfile.TemporaryDirectory() as directory:
            self.assertEqual(run_python(f"import sys; {source}", directory).stdout, "['0', None, '1', '1']\n")
