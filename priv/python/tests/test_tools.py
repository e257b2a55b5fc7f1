"""Tools: how signatures are read, arguments checked, adapters found, results encoded."""

from __future__ import annotations

import sys
import types
import unittest
from collections.abc import Mapping, Sequence
from typing import Any, Literal

from snakepit_worker import Adapter, Context, payload, tool
from snakepit_worker.adapter import AdapterError, load_adapter
from snakepit_worker.arguments import check_of, describe
from snakepit_worker.failure import attributes_of, message_of, type_name
from snakepit_worker.protocol import FrameBuffer, Report, framed
from snakepit_worker.tool import InvalidArguments, Tool


class ArgumentChecks(unittest.TestCase):
    """A JSON value fits an annotation or does not."""

    def test_values_fit_their_annotations(self) -> None:
        for annotation, fitting, unfitting in (
            (int, [0, -5, 2**70], [1.0, True, "1", None]),
            (float, [1, 1.5], [True, "1", None]),
            (str, ["", "x"], [1, None, ["x"]]),
            (bool, [True, False], [0, 1, "true"]),
            (None, [None], [0, ""]),
            (int | None, [1, None], ["1", 1.5]),
            (int | str, [1, "1"], [1.5, None]),
            (Literal["a", 1], ["a", 1], ["b", True, 1.0]),
            (list, [[], [1, "x"]], [{}, "x", None]),
            (list[int], [[], [1, 2]], [[1, "2"], [True], "x"]),
            (Sequence[str], [["a"]], [[1], "a"]),
            (tuple[int, str], [[1, "a"]], ["x", {}]),
            (dict, [{}, {"a": 1}], [[], None]),
            (dict[str, int], [{"a": 1}], [{"a": "1"}, []]),
            (Mapping[str, list[float]], [{"a": [1, 2.5]}], [{"a": [None]}]),
            (Any, [None, 1, "x", [], {}], []),
            (ArgumentChecks, [1, "x", None], []),
        ):
            check = check_of(annotation)
            with self.subTest(describe(annotation)):
                self.assertTrue(all(map(check, fitting)))
                self.assertFalse(any(map(check, unfitting)))


class Signatures(unittest.TestCase):
    """A tool is called by argument name."""

    def test_arguments_may_have_any_name_and_default(self) -> None:
        @tool
        def awkward(function: int, call_id: int = 2, *, self_: int = 3, **rest: int) -> Any:
            return function, call_id, self_, rest

        found = Tool(awkward)
        bound = found.bind({"function": 1, "extra": 4}, Context(1, 1, 0))
        self.assertEqual((1, 2, 3, {"extra": 4}), found.function(**bound))
        self.assertEqual("awkward(function: int, call_id: int = 2, self_: int = 3, **rest: int)", found.signature())
        with self.assertRaisesRegex(InvalidArguments, r"'extra' must be int, got str \('x'\)"):
            found.bind({"function": 1, "extra": "x"}, Context(1, 1, 0))

    def test_what_cannot_be_called_by_name_is_refused(self) -> None:
        @tool
        def positional(a: int, /) -> None: ...

        @tool
        async def asynchronous() -> None: ...

        for function in (positional, asynchronous):
            with self.subTest(function.__name__), self.assertRaises(TypeError):
                Tool(function)

    def test_a_long_value_is_shown_short(self) -> None:
        @tool
        def small(number: int) -> None: ...

        with self.assertRaises(InvalidArguments) as raised:
            Tool(small).bind({"number": "x" * 10_000}, Context(1, 1, 0))
        self.assertLess(len(str(raised.exception)), 200)


class Adapters(unittest.TestCase):
    """An adapter is a class, the one class of a module, or a module's functions."""

    def module(self, **members: Any) -> str:
        name = f"adapter_under_test_{len(sys.modules)}"
        module = types.ModuleType(name)
        for key, member in members.items():
            if isinstance(member, type):
                member.__module__ = name
            setattr(module, key, member)
        sys.modules[name] = module
        self.addCleanup(sys.modules.pop, name)
        return name

    def test_it_is_found_by_its_name(self) -> None:
        first, second = type("First", (Adapter,), {}), type("Second", (Adapter,), {})
        both = self.module(First=first, Second=second)
        self.assertIsInstance(load_adapter(f"{both}:Second"), second)
        only = type("Only", (Adapter,), {})
        self.assertIsInstance(load_adapter(self.module(Only=only)), only)
        functions = self.module(one=tool(lambda: 1), other=lambda: 2)
        self.assertEqual(["<lambda>"], [found.name for found in load_adapter(functions).tools()])
        for name, problem in (
            (both, "several adapters"),
            (f"{both}:Third", "no Adapter class named 'Third'"),
            (self.module(), "no function marked @tool"),
        ):
            with self.subTest(problem), self.assertRaisesRegex(AdapterError, problem):
                load_adapter(name)


class Payloads(unittest.TestCase):
    """What goes in comes out, or is refused with a reason."""

    def test_values_survive(self) -> None:
        value = {"none": None, "five": 5, "float": 5.0, "big": 2**60 + 1, "tuple": (1, 2), "text": "é😀\0"}
        decoded = payload.decode_object(payload.encode(value))
        self.assertEqual({**value, "tuple": [1, 2]}, decoded)
        self.assertIs(int, type(decoded["five"]))
        self.assertEqual({}, payload.decode_object(b""))

    def test_what_json_cannot_carry_is_refused(self) -> None:
        circular: list[Any] = []
        circular.append(circular)
        for value in (
            float("nan"),
            float("inf"),
            {1, 2},
            object(),
            b"bytes",
            "\ud800",
            circular,
            {(1, 2): 3},
        ):
            with (
                self.subTest(type(value).__name__),
                self.assertRaisesRegex(payload.NotEncodable, "return None, bool"),
            ):
                payload.encode(value)

    def test_arguments_are_one_object(self) -> None:
        for encoded in (b"[]", b"1", b"null", b"{", b"\xff", b"{}{}"):
            with self.subTest(encoded), self.assertRaises(ValueError):
                payload.decode_object(encoded)


class Failures(unittest.TestCase):
    """An exception becomes data, whatever it is made of."""

    def test_an_exception_is_described_even_if_it_resists(self) -> None:
        class Resisting(Exception):
            def __str__(self) -> str:
                raise RuntimeError

        self.assertIn("whose __str__ raised RuntimeError", message_of(Resisting()))
        self.assertTrue(type_name(Resisting()).endswith("Resisting"))
        self.assertEqual("KeyError", type_name(KeyError()))

    def test_its_attributes_travel_if_json_can_carry_them(self) -> None:
        error = OSError(2, "no such file", "/nowhere")
        error.extra = {"a": 1}  # type: ignore[attr-defined]
        error.odd = object()  # type: ignore[attr-defined]
        error._private = 1  # type: ignore[attr-defined]
        error.add_note("a note")
        self.assertEqual(
            {
                "errno": 2,
                "strerror": "no such file",
                "filename": "/nowhere",
                "extra": {"a": 1},
                "notes": ["a note"],
            },
            payload.decode_object(attributes_of(error)),
        )
        self.assertEqual({"code": 3}, payload.decode_object(attributes_of(SystemExit(3))))


class ControlMessages(unittest.TestCase):
    """Messages are cut out of whatever the socket delivers."""

    def test_any_cut_yields_the_same_messages(self) -> None:
        reports = [Report(listening={"endpoint": "x" * size}) for size in (0, 1, 300, 5)]
        received = b"".join(framed(report) for report in reports)
        for step in (1, 2, 3, 7, len(received)):
            buffer = FrameBuffer(Report)
            cut = [received[at : at + step] for at in range(0, len(received), step)]
            with self.subTest(step):
                self.assertEqual(reports, [message for piece in cut for message in buffer.add(piece)])
