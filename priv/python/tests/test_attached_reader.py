"""Tests reading JSON with attachments: each stands for the digit 0 at its offset; an offset without one is refused."""

from __future__ import annotations

import itertools
import math
import random
import unittest
from typing import Any

from snakepit_worker.payloads import attached_reader, codec, exact_reader, exact_writer, marked_json
from snakepit_worker.payloads.attached import Attached
from snakepit_worker.payloads.kinds import KINDS

from .attached_values import Attachment, comparable, returned, sent


class Receiving(unittest.TestCase):
    def attachment(self, at: int, kind: int = 1, content: bytes = b"x", shape: tuple[int, ...] = ()) -> Any:
        return Attachment(at=at, kind=kind, content=content, shape=shape)

    def test_a_place_that_is_none_is_refused(self) -> None:
        for encoded, *places in [
            *((b"[0]", 0), (b"[0]", 2), (b"[0]", 9), (b"", 0), (b"[1]", 1), (b"[0,0]", 3, 1), (b"[0,0]", 1, 1)),
            *((b"[10]", 2), (b"[0.5]", 1), (b"[1.0]", 3), (b"[1e0]", 3), (b"[-0]", 2), (b'["a0"]', 3), (b'["0"]', 2)),
            *((b'{"0":1}', 2), (rb'["\u0041"]', 4), (b'["0",NaN]', 2), (b'["0",NaN,"Infinity"]', 2), (b'["0",-0]', 2)),
        ]:
            attachments = list(map(self.attachment, places))
            for keep_decimals in (False, True):
                encoded_object = b'{"a":' + encoded + b"}"
                moved = [self.attachment(place + 5) for place in places]
                with self.subTest(encoded, places=places), self.assertRaises(ValueError):
                    codec.decode_object(encoded_object, keep_decimals, moved)
            with self.subTest(encoded, places=places), self.assertRaises(ValueError):
                codec.decode(encoded, attachments)

    def test_a_content_that_does_not_fit_its_kind_and_shape_is_refused(self) -> None:
        for kind, shape, size in [(1, (1,), 1), (12, (), 3), (12, (2,), 4), (14, (), 8), (8, (2, 0), 4), (0, (), 1)]:
            with self.subTest(kind=kind, shape=shape), self.assertRaisesRegex(ValueError, "attachment"):
                codec.decode(b"0", [self.attachment(0, kind, bytes(size), shape)])
        with self.assertRaisesRegex(ValueError, "unknown kind 99"):
            codec.decode(b"0", [self.attachment(0, 99)])

    def test_nan_in_the_json_itself_is_refused_as_ever(self) -> None:
        for word in ("NaN", "Infinity", "-Infinity"):
            with self.subTest(word), self.assertRaises(ValueError):
                codec.decode(f"[0,{word}]".encode(), [self.attachment(1)])
            value = [b"x", word, {word: "NaN Infinity"}]
            self.assertEqual(returned(value), value)

    def test_arguments_that_are_no_object_are_refused_with_what_they_are(self) -> None:
        with self.assertRaisesRegex(ValueError, "must be one JSON object, got bytes"):
            codec.decode_object(b"0", received=[self.attachment(0)])

    def test_attachments_are_read_in_json_that_has_to_be_read_step_by_step(self) -> None:
        self.assertEqual(codec.decode(rb'{"":[0,"\ud83d\ude00",0,-0]}', [self.attachment(5)])[""][:2], [b"x", "😀"])
        encoded = '{"é":0,"b":[1.50,0]}'.encode()
        places = [encoded.index(b":0") + 1, encoded.rindex(b"0]")]
        found = codec.decode_object(encoded, True, [self.attachment(at) for at in places])
        self.assertEqual(repr(found), "{'é': b'x', 'b': [Decimal('1.50'), b'x']}")

    def test_any_value_that_is_sent_arrives_as_it_was(self) -> None:
        source = random.Random(5)
        for _ in range(400):
            value = _random_value(source, 4)
            with self.subTest(value):
                self.assertEqual(repr(returned(value)), repr(value))

    def test_the_step_by_step_reader_and_writer_do_the_same_as_those_in_c(self) -> None:
        source = random.Random(6)
        for _ in range(400):
            value = _random_value(source, 4)
            with self.subTest(value):
                json, attachments = sent(value)
                places = attached_reader.places_of(json, attachments, Attached.native)
                read = exact_reader.read(json.decode(), places=attached_reader.by_character(json, places))
                self.assertEqual(repr(read), repr(value))
                self.assertEqual(comparable(exact_writer.write(value)), comparable(codec.encode(value)))

    def test_the_numbers_of_the_kinds_are_those_of_the_protocol(self) -> None:
        declared = {name: number for name, number in Attachment.Kind.items() if number}
        self.assertEqual({kind.name.upper(): kind.number for kind in KINDS}, declared)


def _random_value(source: random.Random, depth: int) -> Any:
    texts = [
        "",
        "NaN",
        '"NaN"',
        "Infinity",
        marked_json._MARK,
        "0",
        "\\",
        'é"',
        "-0",
        "\u2028",
        f'"{marked_json._MARK}"',
    ]
    leaves = [
        None,
        True,
        0,
        -5,
        2**70,
        1.5,
        -0.0,
        math.nan,
        math.inf,
        -math.inf,
        1j,
        complex(math.nan, -0.0),
        b"",
        b"0",
    ]
    if not depth or source.random() < 0.3:
        return source.choice([source.choice(texts), source.choice(leaves), source.randbytes(source.randrange(9))])
    items = [_random_value(source, depth - 1) for _ in range(source.randrange(5))]
    return items if source.random() < 0.5 else dict(zip(itertools.cycle(texts), items, strict=False))
