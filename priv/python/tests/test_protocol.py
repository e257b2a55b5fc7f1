"""Tests the message classes of the protocol, and how a byte stream is split into messages."""

from __future__ import annotations

import random
import unittest

from snakepit_worker.protocol.control import BootFailure, Command, Report
from snakepit_worker.protocol.frames import Failure, HostFrame, WorkerFrame
from snakepit_worker.protocol.framing import FrameBuffer, framed


class Messages(unittest.TestCase):
    def test_messages_are_made_from_the_descriptor_set(self) -> None:
        sent = HostFrame(call={"id": 2**63, "tool": "add", "arguments": b"{}", "streaming": True, "credit": 4})
        arrived = HostFrame.FromString(sent.SerializeToString())
        self.assertEqual(arrived, sent)
        self.assertEqual(arrived.WhichOneof("frame"), "call")
        self.assertEqual(arrived.call.id, 2**63)

    def test_enum_values_have_the_numbers_of_the_proto_file(self) -> None:
        self.assertEqual((Failure.RAISED, Failure.WRONG_CALL_STYLE), (1, 7))
        self.assertEqual(BootFailure.Kind.Value("PREPARATION"), 3)

    def test_a_frame_with_an_empty_message_still_tells_its_kind(self) -> None:
        for name, frame in (("list_tools", HostFrame(list_tools={})), ("drain", HostFrame(drain={}))):
            self.assertEqual(HostFrame.FromString(frame.SerializeToString()).WhichOneof("frame"), name)
        self.assertEqual(WorkerFrame(drained={}).WhichOneof("frame"), "drained")


class FrameBuffers(unittest.TestCase):
    def setUp(self) -> None:
        self.sent = [Command(fork={"workers": list(range(count))}) for count in (0, 1, 500, 3, 0)]
        self.sent.append(Command(signal={"worker": 2, "number": 15}))
        self.stream = b"".join(map(framed, self.sent))

    def received(self, *pieces: bytes) -> list[object]:
        buffer = FrameBuffer(Command)
        return [message for piece in pieces for message in buffer.add(piece)]

    def test_messages_that_arrive_together_are_cut_apart(self) -> None:
        self.assertEqual(self.received(self.stream), self.sent)

    def test_a_message_that_arrives_byte_by_byte_is_put_together(self) -> None:
        self.assertEqual(self.received(*(bytes([byte]) for byte in self.stream)), self.sent)

    def test_a_message_is_returned_with_its_last_byte_and_not_before(self) -> None:
        buffer, stream = FrameBuffer(Report), framed(Report(forked={"worker": 1, "pid": 2}))
        self.assertEqual(buffer.add(stream[:-1]), [])
        self.assertEqual(len(buffer.add(stream[-1:])), 1)
        self.assertEqual(buffer.add(b""), [])

    def test_the_messages_do_not_depend_on_how_the_bytes_are_cut(self) -> None:
        chance = random.Random(20)
        for _ in range(200):
            cuts = sorted(chance.randrange(len(self.stream)) for _ in range(chance.randrange(12)))
            pieces = [self.stream[start:end] for start, end in zip([0, *cuts], [*cuts, None], strict=True)]
            self.assertEqual(self.received(*pieces), self.sent, cuts)

    def test_an_empty_message_takes_its_four_bytes(self) -> None:
        self.assertEqual(framed(Command()), b"\0\0\0\0")
        self.assertEqual(self.received(b"\0\0\0\0\0\0\0\0"), [Command(), Command()])
