"""Tests streams that run at the same time, from synchronous and from async generators."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from typing import Any

from snakepit_worker import tool
from snakepit_worker.protocol.frames import Failure

from .concurrent_host import LIMIT, ConcurrentTestCase, Peer, counts, counts_async


class ConcurrentStreams(ConcurrentTestCase):
    def test_plain_and_async_streams_stop_without_credit_and_go_on_with_more(self) -> None:
        def play(host: Peer) -> Any:
            for id, name in enumerate(["counts", "counts_async"], 1):
                host.call(name, id, streaming=True, credit=2, to=4)
                first = host.kinds(2)
                host.send(ping={})
                between = host.kinds(1)
                host.send(credit={"call": id, "chunks": 9})
                self.assertEqual(
                    [*first, *between, *host.kinds(3)], ["chunk"] * 2 + ["pong"] + ["chunk"] * 2 + ["result"]
                )

        self.serve(counts, counts_async, play=play)

    def test_streams_that_wait_for_credit_are_cancelled_and_closed(self) -> None:
        closed: list[str] = []

        @tool
        def plain() -> Iterator[int]:
            try:
                yield 1
            finally:
                closed.append("plain")

        @tool
        async def asynchronous() -> AsyncIterator[int]:
            try:
                yield 1
            finally:
                await asyncio.sleep(0)
                closed.append("async")

        def play(host: Peer) -> Any:
            for id, name in enumerate(["plain", "asynchronous"], 1):
                host.call(name, id, streaming=True, credit=1)
                host.next()
                host.cancel(id)
                self.assertEqual(host.answers(id)[id].kind, Failure.CANCELLED)

        self.serve(plain, asynchronous, play=play)
        self.assertEqual(closed, ["plain", "async"])

    def test_an_async_stream_ends_at_a_chunk_that_cannot_be_sent(self) -> None:
        @tool
        async def breaks(value: Any) -> AsyncIterator[Any]:
            yield 1
            yield {"value": object() if value else "x" * LIMIT}

        def play(host: Peer) -> Any:
            host.call("breaks", 1, streaming=True, value=True)
            host.call("breaks", 2, streaming=True, value=False)
            return [failure.kind for _, failure in sorted(host.answers(1, 2).items())]

        self.assertEqual(self.serve(breaks, play=play), [Failure.RESULT_NOT_ENCODABLE, Failure.RESULT_TOO_LARGE])
