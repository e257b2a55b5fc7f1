"""Tests of the worker's side of shared memory: what it writes, and what it maps of the host's."""

from __future__ import annotations

import gc
import os
import random
import unittest
from unittest import mock

from snakepit_worker.memory import files, views
from snakepit_worker.memory.files import SMALLEST_SHARED, MemoryFiles
from snakepit_worker.memory.free_spans import FreeSpans
from snakepit_worker.protocol.frames import HostFrame, WorkerFrame

_SIZE = 2 * SMALLEST_SHARED


def _given_back(*ids: int) -> HostFrame:
    return HostFrame(ping={"sequence": 1}, given_back={"ids": ids})


class FreeParts(unittest.TestCase):
    def test_parts_never_overlap_and_leave_the_whole_file_free_when_all_are_given_back(self) -> None:
        for seed in range(100):
            chosen = random.Random(seed)
            free = FreeSpans(1000)
            taken: list[tuple[int, int]] = []
            for _ in range(300):
                wanted = chosen.randrange(1, 200)
                if chosen.random() < 0.5 and (offset := free.take(wanted)) is not None:
                    self.assertLessEqual(offset + wanted, 1000)
                    for other, length in taken:
                        self.assertTrue(offset >= other + length or other >= offset + wanted)
                    taken.append((offset, wanted))
                elif taken:
                    free.give_back(*taken.pop(chosen.randrange(len(taken))))
            for part in taken:
                free.give_back(*part)
            self.assertTrue(free.is_whole_free, seed)


class Files(unittest.TestCase):
    def setUp(self) -> None:
        self.files = MemoryFiles()
        self.files.limit = 1 << 30
        self.addCleanup(lambda: [file.close() for file in self.files.files])

    def store(self, content: bytes) -> dict[str, int]:
        stored = self.files.store(memoryview(content))
        assert stored is not None
        return dict(stored)  # type: ignore[arg-type]

    def test_a_large_content_can_be_read_from_the_file(self) -> None:
        content = os.urandom(_SIZE + 5)
        self.store(b"x" * _SIZE)
        stored = self.store(content)
        with open(f"/proc/self/fd/{stored['file']}", "rb") as file:
            file.seek(stored["offset"])
            self.assertEqual(content, file.read(stored["length"]))

    def test_memory_that_was_given_back_is_used_again(self) -> None:
        first, second = self.store(b"a" * _SIZE), self.store(b"b" * _SIZE)
        self.files.take_back(_given_back(first["id"]))
        third = self.store(b"c" * _SIZE)
        self.assertEqual((first["file"], first["offset"]), (third["file"], third["offset"]))
        self.assertNotEqual(second["offset"], third["offset"])

    def test_small_contents_and_those_over_the_limit_are_not_stored(self) -> None:
        self.assertIsNone(self.files.store(memoryview(b"x" * (SMALLEST_SHARED - 1))))
        self.files.limit = 3 * SMALLEST_SHARED
        first = self.store(b"x" * _SIZE)
        self.assertIsNone(self.files.store(memoryview(b"x" * _SIZE)))
        self.files.take_back(_given_back(first["id"]))
        self.store(b"x" * _SIZE)
        self.files.limit = 0
        self.assertIsNone(self.files.store(memoryview(b"x" * _SIZE)))

    def test_nothing_is_stored_where_the_system_has_no_memory_files(self) -> None:
        with mock.patch.object(files.os, "memfd_create", side_effect=PermissionError):
            self.assertIsNone(self.files.store(memoryview(b"x" * _SIZE)))

    def test_a_file_is_closed_when_nothing_was_taken_of_it_for_some_seconds(self) -> None:
        stored = self.store(b"x" * _SIZE)
        path = f"/proc/self/fd/{stored['file']}"
        with mock.patch.object(files, "monotonic") as clock:
            clock.return_value = 100
            self.files.take_back(_given_back(stored["id"]))
            clock.return_value = 104
            self.files.take_back(HostFrame(ping={"sequence": 2}))
            self.assertTrue(os.path.exists(path))
            clock.return_value = 106
            self.files.take_back(HostFrame(ping={"sequence": 3}))
        self.assertFalse(os.path.exists(path))
        self.assertEqual([], self.files.files)

    def test_memory_that_was_made_is_sent_without_a_copy_and_free_when_all_have_let_go_of_it(self) -> None:
        made = self.files.make(_SIZE)
        assert made is not None
        made[:3] = b"abc"
        first, second = (self.files.store(made) for _ in range(2))
        assert first is not None
        self.assertEqual(first, second)
        with open(f"/proc/self/fd/{first.get('file')}", "rb") as file:
            file.seek(first.get("offset", 0))
            self.assertEqual(b"abc", file.read(3))
        part = self.store(bytes(made[4096:]))
        self.assertNotEqual(first.get("id"), part["id"])
        del made
        gc.collect()
        self.files.take_back(_given_back(first.get("id", 0), part["id"]))
        self.assertFalse(self.files.files[0].free.is_whole_free)
        self.files.take_back(_given_back(first.get("id", 0)))
        self.assertTrue(self.files.files[0].free.is_whole_free)

    def test_memory_that_was_made_and_never_sent_is_free_when_the_array_has_gone(self) -> None:
        made = self.files.make(_SIZE)
        assert made is not None
        part = made[5:10]
        del made
        self.files.take_back(HostFrame())
        self.assertFalse(self.files.files[0].free.is_whole_free)
        del part
        gc.collect()
        self.files.take_back(HostFrame())
        self.assertTrue(self.files.files[0].free.is_whole_free)

    def test_no_memory_is_made_over_the_limit(self) -> None:
        self.files.limit = 1000
        self.assertIsNone(self.files.make(_SIZE))
        self.assertIsNone(self.files.make(0))

    def test_nobody_can_shorten_the_file(self) -> None:
        stored = self.store(b"x" * _SIZE)
        with self.assertRaises(PermissionError):
            os.truncate(f"/proc/self/fd/{stored['file']}", 0)


class Views(unittest.TestCase):
    def setUp(self) -> None:
        self.host = MemoryFiles()
        self.host.limit = 1 << 30
        self.addCleanup(lambda: [file.close() for file in self.host.files])
        self.call = random.randrange(1 << 40)

    def view(self, content: bytes) -> memoryview:
        stored = self.host.store(memoryview(content))
        assert stored is not None
        self.assertTrue(views.open_host(f"/proc/self/fd/{stored['file']}"))  # type: ignore[typeddict-item]
        frame = HostFrame(call={"attachments": {"items": [{"shared": {**stored, "id": self.call}}]}})
        return views.view_of(frame.call.attachments.items[0].shared)

    def told(self, frame: WorkerFrame) -> tuple[bool, list[int]]:
        views.tell_with(frame)
        views.told()
        return frame.keeps_memory, list(frame.given_back.ids)

    def answer(self) -> WorkerFrame:
        return WorkerFrame(result={"call": self.call})

    def test_a_view_shows_the_content_and_cannot_be_written_to(self) -> None:
        content = os.urandom(_SIZE)
        view = self.view(content)
        self.assertEqual(content, view)
        self.assertTrue(view.readonly)

    def test_views_that_are_gone_when_their_call_ends_are_not_mentioned(self) -> None:
        view = self.view(b"x" * _SIZE)
        del view
        self.assertEqual((False, []), self.told(self.answer()))
        self.assertNotIn(self.call, views.viewed)

    def test_the_host_learns_that_a_view_is_kept_and_later_that_its_last_part_has_gone(self) -> None:
        views_of_call = [self.view(b"x" * _SIZE), self.view(b"y" * _SIZE)]
        part = views_of_call[1][10:20]
        self.assertEqual((True, []), self.told(self.answer()))
        views_of_call.clear()
        self.assertEqual((False, []), self.told(WorkerFrame(pong={"sequence": 1})))
        self.assertEqual(b"y" * 10, part)
        del part
        gc.collect()
        self.assertEqual((False, [self.call]), self.told(WorkerFrame(pong={"sequence": 2})))
        self.assertEqual((False, []), self.told(WorkerFrame(pong={"sequence": 3})))
        self.assertNotIn(self.call, views.viewed)

    def test_what_a_frame_has_told_is_told_again_if_the_frame_could_not_be_sent(self) -> None:
        view = self.view(b"x" * _SIZE)
        self.assertEqual((True, []), self.told(self.answer()))
        del view
        lost = WorkerFrame(pong={"sequence": 1})
        views.tell_with(lost)
        self.assertEqual([self.call], list(lost.given_back.ids))
        self.assertEqual((False, [self.call]), self.told(WorkerFrame(pong={"sequence": 1})))

    def test_memory_that_cannot_be_mapped_is_a_memory_error(self) -> None:
        view = self.view(b"x" * _SIZE)
        del view
        frame = HostFrame(call={"attachments": {"items": [{"shared": {"file": 100_000, "length": _SIZE}}]}})
        with self.assertRaisesRegex(MemoryError, "131,072 bytes of shared memory cannot be mapped"):
            views.view_of(frame.call.attachments.items[0].shared)

    def test_a_host_whose_files_cannot_be_opened_is_noticed(self) -> None:
        self.assertFalse(views.open_host("/proc/self/fd/100000"))
