"""Tests host calls and sessions of calls that run at the same time."""

from __future__ import annotations

import asyncio
import json
from typing import Any

from snakepit_worker import Context, HostToolError, tool
from snakepit_worker.protocol.frames import Failure

from .concurrent_host import ConcurrentTestCase, Peer


class ConcurrentHostCalls(ConcurrentTestCase):
    def test_threads_and_tasks_call_the_host(self) -> None:
        @tool
        def plain(ctx: Context) -> Any:
            return ctx.host.call("double", value=1)

        @tool
        async def asynchronous(ctx: Context) -> Any:
            return await asyncio.gather(*(ctx.host.call_async("double", value=value) for value in (2, 3)))

        def play(host: Peer) -> Any:
            host.call("plain", 1)
            host.call("asynchronous", 2)
            asked = [host.next().host_call for _ in range(3)]
            for request in reversed(asked):
                value = json.loads(request.arguments)["value"] * 2
                host.send(host_answer={"id": request.id, "value": str(value).encode()})
            return host.answers(1, 2)

        self.assertEqual(self.serve(plain, asynchronous, play=play), {1: 2, 2: [4, 6]})

    def test_an_error_of_the_host_is_raised_in_a_task(self) -> None:
        @tool
        async def tries(ctx: Context) -> Any:
            try:
                await ctx.host.call_async("a")
            except HostToolError as error:
                return error.type

        def play(host: Peer) -> Any:
            host.call("tries", 1)
            id = host.next().host_call.id
            host.send(host_answer={"id": id, "error": {"type": "IOException", "message": "no"}})
            return host.answers(1)

        self.assertEqual(self.serve(tries, play=play), {1: "IOException"})

    def test_a_host_call_of_a_cancelled_call_is_withdrawn(self) -> None:
        @tool
        def plain(ctx: Context) -> Any:
            return ctx.host.call("a")

        @tool
        async def asynchronous(ctx: Context) -> Any:
            try:
                await ctx.host.call_async("a")
            finally:
                await ctx.host.call_async("b")

        def play(host: Peer) -> Any:
            found = []
            for id, name in enumerate(["plain", "asynchronous"], 1):
                host.call(name, id)
                request = host.next().host_call.id
                host.cancel(id)
                withdrawn = host.next().host_cancel.id
                host.send(host_answer={"id": request, "value": b"1"})
                found.append((request == withdrawn, host.answers(id)[id].kind))
            return found

        self.assertEqual(self.serve(plain, asynchronous, play=play), [(True, Failure.CANCELLED)] * 2)

    def test_a_blocking_host_call_of_an_async_tool_is_refused_with_what_to_use(self) -> None:
        @tool
        async def blocking(ctx: Context) -> None:
            ctx.host.call("a")

        def play(host: Peer) -> Any:
            host.call("blocking", 1)
            return host.answers(1)[1].error.message

        self.assertIn("awaits ctx.host.call_async", self.serve(blocking, play=play))


class ConcurrentSessions(ConcurrentTestCase):
    def test_threads_and_tasks_share_a_sessions_state(self) -> None:
        @tool
        def plain(ctx: Context) -> Any:
            ctx.session.state["n"] = ctx.session.state.get("n", 0) + 1  # type: ignore[union-attr]
            return ctx.session.state["n"]  # type: ignore[union-attr]

        @tool
        async def asynchronous(ctx: Context) -> Any:
            return plain(ctx)

        def play(host: Peer) -> Any:
            here, found = {"key": "a", "home": True, "id": 1}, []
            for id, name in enumerate(["plain", "asynchronous", "end", "asynchronous"], 1):
                if name == "end":
                    host.send(end_session={"id": 1})
                else:
                    host.call(name, id, session=here)
                    found.append(host.answers(id)[id])
            return found

        self.assertEqual(self.serve(plain, asynchronous, play=play), [1, 2, 1])
