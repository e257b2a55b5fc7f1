"""Tests how an exception is converted to the data that is sent to the host."""

from __future__ import annotations

import errno
import json
import os
import unittest
from collections.abc import Callable
from typing import Any

from snakepit_worker.adapters.showcase import ShowcaseError
from snakepit_worker.payloads.errors import attributes_of, message_of, traceback_of, type_name

_LIMIT = 64 * 1024


def _raised(function: Callable[[], Any]) -> BaseException:
    try:
        function()
    except BaseException as error:
        return error
    raise AssertionError("it should have raised")


def _attributes(error: BaseException) -> Any:
    return json.loads(attributes_of(error, _LIMIT))


class RaisesWhenRead(Exception):
    """An exception that raises another exception when its text or its notes are read."""

    def __str__(self) -> str:
        raise SystemExit("no words")

    @property
    def __notes__(self) -> Any:  # pyright: ignore[reportIncompatibleVariableOverride]
        raise KeyboardInterrupt


class TypesAndMessages(unittest.TestCase):
    def test_a_built_in_type_is_named_without_its_module(self) -> None:
        self.assertEqual(type_name(ValueError()), "ValueError")

    def test_any_other_type_is_named_with_its_module(self) -> None:
        self.assertEqual(type_name(json.JSONDecodeError("", "", 0)), "json.decoder.JSONDecodeError")
        self.assertEqual(type_name(RaisesWhenRead()), f"{__name__}.RaisesWhenRead")

    def test_a_message_is_the_exceptions_text(self) -> None:
        self.assertEqual(message_of(ValueError("naïve 漢字")), "naïve 漢字")
        self.assertEqual(message_of(KeyError("name")), "'name'")
        self.assertEqual(message_of(ValueError()), "")

    def test_a_message_whose_str_raises_is_replaced_by_a_note_that_says_so(self) -> None:
        self.assertEqual(message_of(RaisesWhenRead()), f"<{__name__}.RaisesWhenRead whose __str__ raised SystemExit>")

    def test_a_lone_surrogate_is_escaped(self) -> None:
        self.assertEqual(message_of(ValueError("half \ud83d")), "half \\ud83d")

    def test_a_long_message_loses_its_middle(self) -> None:
        message = message_of(ValueError("first " + "漢" * 1_000_000 + " last"))
        self.assertRegex(message, "(?s)^first .*\\[\\.\\.\\.\\].* last$")
        self.assertLess(len(message.encode()), 20_000)


class Tracebacks(unittest.TestCase):
    def test_the_workers_own_frames_are_cut_off(self) -> None:
        def users_function() -> None:
            raise ValueError("here")

        error = _raised(users_function)
        self.assertIn("_raised", traceback_of(error, own_frames=0))
        trace = traceback_of(error, own_frames=1)
        self.assertNotIn("_raised", trace)
        self.assertRegex(trace, "(?s)^Traceback .*users_function.*ValueError: here\\n$")

    def test_more_own_frames_than_there_are_leave_the_error_alone(self) -> None:
        self.assertEqual(traceback_of(ValueError("never raised"), own_frames=5), "ValueError: never raised\n")

    def test_a_traceback_includes_causes_and_contexts(self) -> None:
        def caused() -> None:
            try:
                raise LookupError("the cause")
            except LookupError as error:
                raise ValueError("the effect") from error

        trace = traceback_of(_raised(caused), own_frames=1)
        self.assertLess(trace.index("the cause"), trace.index("the effect"))
        self.assertIn("direct cause", trace)

    def test_a_traceback_of_an_exception_that_cannot_be_formatted_still_has_its_frames(self) -> None:
        def users_function() -> None:
            raise RaisesWhenRead

        trace = traceback_of(_raised(users_function), own_frames=1)
        self.assertIn("users_function", trace)
        self.assertIn("RaisesWhenRead", trace)

    def test_a_long_traceback_keeps_its_beginning_and_its_end(self) -> None:
        def caused() -> None:
            try:
                raise LookupError("first " + "x" * 500_000)
            except LookupError:
                raise ValueError("last") from None

        def chained() -> None:
            error = _raised(caused)
            error.__suppress_context__ = False
            raise error

        trace = traceback_of(_raised(chained), own_frames=0)
        self.assertLess(len(trace), 40_000)
        self.assertTrue(trace.startswith("Traceback"))
        self.assertTrue(trace.endswith("ValueError: last\n"))


class Attributes(unittest.TestCase):
    def test_the_exceptions_own_attributes_are_carried(self) -> None:
        self.assertEqual(_attributes(ShowcaseError("m", 42, {"hint": [1]})), {"code": 42, "details": {"hint": [1]}})

    def test_an_exception_without_attributes_has_none(self) -> None:
        self.assertEqual(_attributes(ValueError("only a message")), {})

    def test_private_attributes_and_those_that_json_cannot_carry_are_left_out(self) -> None:
        error = ValueError()
        vars(error).update(good=(1, 2), _private=1, opaque=object(), number=float("nan"), text="half \ud83d")
        self.assertEqual(_attributes(error), {"good": [1, 2]})

    def test_an_operating_system_error_has_its_number_text_and_file(self) -> None:
        self.assertEqual(
            _attributes(_raised(lambda: os.listdir("/absent"))),
            {"errno": errno.ENOENT, "strerror": "No such file or directory", "filename": "/absent"},
        )

    def test_a_system_exit_has_its_code(self) -> None:
        self.assertEqual(_attributes(SystemExit(3)), {"code": 3})
        self.assertEqual(_attributes(SystemExit()), {"code": None})

    def test_notes_are_carried(self) -> None:
        error = ValueError()
        error.add_note("while reading")
        self.assertEqual(_attributes(error), {"notes": ["while reading"]})

    def test_a_property_that_raises_is_left_out(self) -> None:
        class Awkward(OSError):
            @property
            def filename(self) -> Any:
                raise LookupError

        self.assertEqual(_attributes(Awkward(5, "broken")), {"errno": 5, "strerror": "broken", "filename": None})
        self.assertEqual(_attributes(RaisesWhenRead()), {})

    def test_attributes_over_the_limit_are_left_out(self) -> None:
        error = ValueError()
        vars(error).update(large="x" * _LIMIT, small=1)
        self.assertEqual(_attributes(error), {"small": 1})
