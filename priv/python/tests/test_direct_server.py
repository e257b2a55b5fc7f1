"""Tests which frames the Direct transport accepts on a real socket, and how it stops serving a host."""

from __future__ import annotations

import os
import socket
import struct
import threading
import unittest
from typing import Any

from snakepit_worker.protocol.frames import HostFrame
from snakepit_worker.protocol.framing import framed
from snakepit_worker.transports.direct_server import BadFrame, Server, frames_from, sender_to

from .processes import DEADLINE, ProcessTestCase

_LIMIT = 8 * 1024 * 1024


def _call(number: int, length: int) -> Any:
    return HostFrame(call={"id": number, "tool": "t", "arguments": b"x" * length})


class Frames(unittest.TestCase):
    def connected(self) -> tuple[socket.socket, socket.socket]:
        ends = socket.socketpair()
        for end in ends:
            self.addCleanup(end.close)
            end.settimeout(DEADLINE)
        return ends

    def arriving(self, sent: bytes, piece: int = 1 << 20) -> list[Any]:
        host, worker = self.connected()

        def send() -> None:
            for begin in range(0, len(sent), piece):
                host.sendall(sent[begin : begin + piece])
            host.shutdown(socket.SHUT_WR)

        sender = threading.Thread(target=send)
        sender.start()
        try:
            return list(frames_from(worker, _LIMIT))
        finally:
            sender.join(DEADLINE)

    def test_frames_do_not_depend_on_how_their_bytes_are_cut(self) -> None:
        lengths = (0, 1, 100, 65_535, 65_536, 200_000, 5_000_000, 3)
        frames = [_call(number, length) for number, length in enumerate(lengths)]
        sent = b"".join(map(framed, frames))
        for piece in (4_093, 65_536, 1 << 20):
            with self.subTest(piece=piece):
                self.assertEqual(frames, self.arriving(sent, piece))

    def test_many_frames_that_arrive_at_once_are_all_returned(self) -> None:
        frames = [_call(number, number) for number in range(1_000)]
        self.assertEqual(frames, self.arriving(b"".join(map(framed, frames))))

    def test_a_frame_that_announces_a_length_over_the_limit_is_refused_before_its_bytes_arrive(self) -> None:
        with self.assertRaisesRegex(BadFrame, "a frame of 8,388,609 bytes is announced, over the limit of 8,388,608"):
            self.arriving(struct.pack("<I", _LIMIT + 1))

    def test_bytes_that_are_not_a_frame_are_refused(self) -> None:
        for content, told in (
            (b"\xff\xff\xff", "3 bytes that are no frame"),
            (b"", "unknown kind"),
            (b"\xfa\x7f\x00", "unknown kind"),
        ):
            with self.subTest(content=content), self.assertRaisesRegex(BadFrame, told):
                self.arriving(struct.pack("<I", len(content)) + content)

    def test_a_stream_that_ends_inside_a_frame_is_refused(self) -> None:
        whole = framed(_call(1, 100))
        with self.assertRaisesRegex(BadFrame, "ended 50 bytes into a frame"):
            self.arriving(whole + whole[:50])
        with self.assertRaisesRegex(BadFrame, "into a frame of 1,000,0"):
            self.arriving(framed(_call(1, 1_000_000))[:-1])

    def test_large_and_small_frames_are_sent_unchanged(self) -> None:
        host, worker = self.connected()
        send = sender_to(worker)
        frames = [_call(1, 10), _call(2, 3_000_000), _call(3, 0)]
        received: list[Any] = []
        reader = threading.Thread(target=lambda: received.extend(frames_from(host, _LIMIT)))
        reader.start()
        for frame in frames:
            send(frame)
        worker.shutdown(socket.SHUT_WR)
        reader.join(DEADLINE)
        self.assertEqual(frames, received)


class Serving(ProcessTestCase):
    def serve_one(self, serve: Any, client: Any) -> Server:
        server = Server(str(self.directory / "1.sock"), serve, 1024)
        host = threading.Thread(target=client)
        try:
            server.run(host.start)
        finally:
            host.join(DEADLINE)
        return server

    def connected(self) -> socket.socket:
        host = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.addCleanup(host.close)
        host.connect(str(self.directory / "1.sock"))
        return host

    def test_the_first_to_connect_is_the_host_and_nobody_else_can_connect(self) -> None:
        refused: list[OSError] = []

        def serve(frames: Any, send: Any) -> None:
            try:
                self.connected()
            except OSError as error:
                refused.append(error)
            for frame in frames:
                send(frame)

        def client() -> None:
            host = self.connected()
            host.sendall(framed(_call(7, 3)))
            host.shutdown(socket.SHUT_WR)
            echoed.extend(frames_from(host, _LIMIT))

        echoed: list[Any] = []
        self.serve_one(serve, client)
        self.assertEqual([_call(7, 3)], echoed)
        self.assertEqual(1, len(refused))
        self.assertFalse(os.path.exists(self.directory / "1.sock"))

    def test_a_stream_that_the_host_breaks_ends_like_one_that_it_closes(self) -> None:
        def serve(frames: Any, send: Any) -> None:
            while True:
                send(_call(1, 1_000))

        self.serve_one(serve, lambda: self.connected().close())

    def test_run_raises_an_error_if_the_host_breaks_the_protocol(self) -> None:
        def client() -> None:
            self.connected().sendall(b"\xff\xff\xff\xff")

        with self.assertRaises(BadFrame):
            self.serve_one(lambda frames, _: list(frames), client)
