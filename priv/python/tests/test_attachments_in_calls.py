"""Tests that attachments travel with arguments, results, chunks, and the arguments and answers of host tools."""

from __future__ import annotations

import array
import importlib
import math
from collections.abc import AsyncIterator, Iterator
from typing import Any

from snakepit_worker import Context, tool
from snakepit_worker.payloads import codec
from snakepit_worker.protocol.frames import Failure, HostFrame

from .attached_values import needs_numpy, sent, summary
from .concurrent_host import ConcurrentTestCase, Peer
from .sequential_host import LIMIT, DispatcherTestCase, call


def attached_call(name: str, id: int = 1, streaming: bool = False, **arguments: Any) -> dict[str, Any]:
    json, attachments = sent(arguments)
    fields = {"id": id, "tool": name, "arguments": json, "attachments": {"items": attachments}}
    return {"call": {**fields, "streaming": streaming, "credit": 9}}


def attached_answer(id: int, value: Any) -> dict[str, Any]:
    json, attachments = sent(value)
    return {"host_answer": {"id": id, "value": json, "attachments": {"items": attachments}}}


def value_in(message: Any) -> Any:
    """Return the value of a result or chunk, or the arguments of a host call."""
    json = message.arguments if hasattr(message, "tool") else message.value
    return codec.decode(json, message.attachments.items)


@tool
def reverses(raw: bytes, **rest: Any) -> Any:
    return [raw[::-1], rest]


@tool
def pages(raw: bytes) -> Iterator[Any]:
    yield from (raw, 1, math.nan)


@tool
def asks(value: Any, ctx: Context) -> Any:
    return [ctx.host.call("look_up", value=value, more=[b"1"]), 1j]


@tool
async def reverses_async(raw: memoryview, **rest: Any) -> Any:
    return [raw[::-1], rest]


@tool
async def pages_async(raw: bytes) -> AsyncIterator[Any]:
    for one in (raw, 1, math.nan):
        yield one


@tool
async def asks_async(value: Any, ctx: Context) -> Any:
    return [await ctx.host.call_async("look_up", value=value, more=[b"1"]), 1j]


class SequentialCalls(DispatcherTestCase):
    def test_arguments_and_results_have_attachments(self) -> None:
        self.serve(reverses, frames=[HostFrame(**attached_call("reverses", raw=b"abc", other={"a": [1j]}))])
        result = self.sent[0].result
        self.assertEqual(result.value, b'[0,{"other":{"a":[0]}}]')
        self.assertEqual(value_in(result), [b"cba", {"other": {"a": [1j]}}])

    def test_chunks_have_attachments(self) -> None:
        self.serve(pages, frames=[HostFrame(**attached_call("pages", streaming=True, raw=b"abc"))])
        self.assertEqual(repr([value_in(frame.chunk) for frame in self.sent[:-1]]), repr([b"abc", 1, math.nan]))

    def test_host_calls_and_their_answers_have_attachments(self) -> None:
        answer = {"a": [math.inf, b"2"], "b": "text"}
        self.serve(
            asks, frames=[HostFrame(**attached_call("asks", value=b"abc")), HostFrame(**attached_answer(1, answer))]
        )
        self.assertEqual(value_in(self.sent[0].host_call), {"value": b"abc", "more": [b"1"]})
        self.assertEqual(value_in(self.sent[1].result), [answer, 1j])

    @needs_numpy
    def test_an_array_in_an_answer_of_the_host_is_one_of_numpy(self) -> None:
        np: Any = importlib.import_module("numpy")
        seen: list[Any] = []

        @tool
        def looks(ctx: Context) -> None:
            seen.append(ctx.host.call("look_up"))

        self.serve(looks, frames=[call("looks"), HostFrame(**attached_answer(1, [array.array("f", [1, 2])]))])
        self.assertEqual((type(seen[0][0]), seen[0][0].dtype.name), (np.ndarray, "float32"))
        np.testing.assert_array_equal(seen[0][0], [1, 2])

    def test_arguments_that_do_not_fit_are_refused_before_the_tool_runs(self) -> None:
        for arguments, part in [
            ({"raw": 1j}, "'raw' must be bytes, got complex (1j)"),
            ({"raw": array.array("d", [1])}, "'raw' must be bytes, got an array of float64 with shape (1,)"),
            ({"raw": [b"1"]}, "'raw' must be bytes, got list ([b'1'])"),
            ({"other": b""}, "missing 'raw'"),
        ]:
            failure = self.failure(reverses, frames=[HostFrame(**attached_call("reverses", **arguments))])
            self.assertEqual(failure.kind, Failure.INVALID_ARGUMENTS)
            self.assertIn(part, failure.message)

    def test_attachments_that_do_not_fit_the_json_are_refused(self) -> None:
        frame = HostFrame(**attached_call("reverses", raw=b"abc"))
        frame.call.attachments.items[0].at += 1
        failure = self.failure(reverses, frames=[frame])
        self.assertEqual(failure.kind, Failure.INVALID_ARGUMENTS)
        self.assertIn("byte 8 of the JSON, has no digit 0", failure.message)

    def test_json_and_attachments_together_are_limited(self) -> None:
        @tool
        def sized(size: int, others: int = 0) -> Any:
            return [bytes(size), *[math.nan] * others]

        frames = [
            call("sized", size=LIMIT - 100),
            call("sized", size=LIMIT - 2),
            call("sized", size=1, others=LIMIT // 10),
        ]
        self.assertEqual(self.served_kinds(sized, frames=frames), ["result", "failure", "failure"])
        self.assertEqual({frame.failure.kind for frame in self.sent[1:]}, {Failure.RESULT_TOO_LARGE})
        self.assertIn("a result takes 1,057 bytes, over the limit of 1,024", self.sent[1].failure.message)
        for frame in self.sent[:1]:
            self.assertLess(len(frame.SerializeToString()), LIMIT)

    def test_a_call_without_attachments_that_follows_one_with_some_is_checked_as_ever(self) -> None:
        frames = [HostFrame(**attached_call("reverses", raw=b"abc")), call("reverses", raw="abc")]
        self.serve(reverses, frames=frames)
        self.assertEqual(self.kinds(), ["result", "failure"])
        self.assertIn("'raw' must be bytes, got str ('abc')", self.sent[1].failure.message)


class ConcurrentCalls(ConcurrentTestCase):
    def test_calls_in_threads_and_on_the_loop_have_attachments(self) -> None:
        def play(host: Peer) -> list[Any]:
            found: list[Any] = []
            for name in ("reverses", "reverses_async"):
                host.send(**attached_call(name, raw=b"abc", other=[1j]))
                found.append(value_in(host.next().result))
            for name in ("pages", "pages_async"):
                host.send(**attached_call(name, streaming=True, raw=b"abc"))
                found.append([value_in(host.next().chunk) for _ in range(3)])
                host.next()
            for name in ("asks", "asks_async"):
                host.send(**attached_call(name, value=b"abc"))
                asked = host.next().host_call
                host.send(**attached_answer(asked.id, b"answer"))
                found.append([value_in(asked), value_in(host.next().result)])
            return found

        expected = [
            [b"cba", {"other": [1j]}],
            [b"abc", 1, math.nan],
            [{"value": b"abc", "more": [b"1"]}, [b"answer", 1j]],
        ]
        tools = (reverses, pages, asks, reverses_async, pages_async, asks_async)
        found = self.serve(*tools, play=play)
        self.assertEqual(repr(found), repr([one for one in expected for _ in range(2)]))

    def test_arguments_of_async_tools_that_do_not_fit_are_refused(self) -> None:
        def play(host: Peer) -> Any:
            host.send(**attached_call("reverses_async", raw=1j))
            return host.next().failure

        failure = self.serve(reverses_async, play=play)
        self.assertEqual(failure.kind, Failure.INVALID_ARGUMENTS)
        self.assertIn("'raw' must be memoryview, got complex (1j)", failure.message)


class OneAtATime(ConcurrentCalls):
    capacity = 1


class Summaries(DispatcherTestCase):
    def test_an_attachment_has_its_place_kind_shape_and_content(self) -> None:
        @tool
        def makes() -> Any:
            return {"a": memoryview(array.array("h", range(6)).tobytes()).cast("h").cast("B").cast("h", [2, 3])}

        self.serve(makes, frames=[call("makes")])
        content = array.array("h", range(6)).tobytes()
        self.assertEqual(summary(self.sent[0].result.attachments.items), [(5, "INT16", [2, 3], content)])
