"""Tests of the frames that the worker encodes without protobuf: protobuf must read from them what was put in."""

from __future__ import annotations

import unittest

from snakepit_worker.protocol.frames import WorkerFrame
from snakepit_worker.protocol.value_frame import ValueFrame

from .received_frames import as_received

_IDS = (1, 2, 127, 128, 16_383, 16_384, 2_097_151, 2_097_152, 2**32, 2**63, 2**64 - 1)
_VALUES = (b"0", b"null", b'"' + b"x" * 122 + b'"', b"9" * 125, b"9" * 127, b"9" * 128, b"9" * 16_384, b"9" * 3_000_000)


class ValueFrames(unittest.TestCase):
    def test_protobuf_reads_the_call_and_its_result(self) -> None:
        for id in _IDS:
            for value in _VALUES:
                read = as_received(ValueFrame(id, value, is_chunk=False))
                self.assertEqual(read, WorkerFrame(result={"call": id, "value": value}))

    def test_protobuf_reads_the_call_and_its_chunk(self) -> None:
        for id in _IDS:
            for value in _VALUES:
                read = as_received(ValueFrame(id, value, is_chunk=True))
                self.assertEqual(read, WorkerFrame(chunk={"call": id, "value": value}))

    def test_an_interruption_is_told_with_the_result(self) -> None:
        frame = ValueFrame(300, b"[1]", is_chunk=False)
        frame.interrupted = True
        self.assertEqual(as_received(frame), WorkerFrame(result={"call": 300, "value": b"[1]"}, interrupted=True))

    def test_the_bytes_are_those_of_protobuf(self) -> None:
        expected = WorkerFrame(result={"call": 70_000, "value": b"[1]"}, interrupted=True).SerializeToString()
        frame = ValueFrame(70_000, b"[1]", is_chunk=False)
        frame.interrupted = True
        self.assertEqual(frame.SerializeToString(), expected)

    def test_other_fields_can_be_added_to_its_message(self) -> None:
        frame = ValueFrame(5, b"true", is_chunk=True)
        frame.interrupted = True
        message = frame.message()
        message.keeps_memory = True
        wanted = WorkerFrame(chunk={"call": 5, "value": b"true"}, interrupted=True, keeps_memory=True)
        self.assertEqual(message, wanted)
