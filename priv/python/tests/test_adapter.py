"""Tests which adapter is loaded for a name, and which tools an adapter has."""

from __future__ import annotations

import sys
import types
import unittest
from typing import Any

from snakepit_worker import Adapter, Context, tool
from snakepit_worker.tools.loading import AdapterError, load_adapter, tools_of

_NAME = "adapter_under_test"


class LoadingAnAdapter(unittest.TestCase):
    def module(self, source: str) -> types.ModuleType:
        """Create a module from ``source`` that can be imported as ``adapter_under_test``."""
        other = sys.modules["this_has_start"] = types.ModuleType("this_has_start")
        exec("def start(): raise AssertionError('this function belongs to another module')", vars(other))
        self.addCleanup(sys.modules.pop, "this_has_start", None)
        made = types.ModuleType(_NAME)
        exec(f"from snakepit_worker import Adapter, tool\n{source}", vars(made))
        sys.modules[_NAME] = made
        self.addCleanup(sys.modules.pop, _NAME, None)
        return made

    def refusal(self, name: str) -> str:
        with self.assertRaises(AdapterError) as caught:
            load_adapter(name)
        return str(caught.exception)

    def names(self, adapter: Adapter) -> list[str]:
        return [found.name for found in tools_of(adapter)]

    def test_a_class_is_found_by_its_name(self) -> None:
        made = self.module("class First(Adapter): pass\nclass Second(Adapter): pass")
        self.assertIs(type(load_adapter(f"{_NAME}:Second")), made.Second)

    def test_a_module_is_concurrent_if_its_variable_concurrent_is_true(self) -> None:
        self.module("@tool\ndef add(): pass\nconcurrent = True")
        self.assertTrue(load_adapter(_NAME).concurrent)

    def test_a_module_that_imports_the_package_concurrent_is_not_concurrent(self) -> None:
        self.module("@tool\ndef add(): pass\nimport concurrent.futures")
        self.assertFalse(load_adapter(_NAME).concurrent)

    def test_a_module_with_one_class_stands_for_that_class(self) -> None:
        made = self.module("class Only(Adapter): pass")
        self.assertIs(type(load_adapter(_NAME)), made.Only)

    def test_an_imported_adapter_class_does_not_count_as_one_of_the_modules(self) -> None:
        made = self.module("from snakepit_worker.adapters.showcase import ShowcaseAdapter\nclass Own(Adapter): pass")
        self.assertIs(type(load_adapter(_NAME)), made.Own)
        self.assertEqual(type(load_adapter(f"{_NAME}:ShowcaseAdapter")).__name__, "ShowcaseAdapter")

    def test_a_class_with_two_names_in_the_module_counts_once(self) -> None:
        made = self.module("class Only(Adapter): pass\nDefault = Only")
        self.assertIs(type(load_adapter(_NAME)), made.Only)

    def test_several_classes_are_refused_with_all_their_names(self) -> None:
        self.module("class First(Adapter): pass\nclass Second(Adapter): pass")
        self.assertRegex(self.refusal(_NAME), f"several adapters.*{_NAME}:First, {_NAME}:Second")

    def test_a_module_without_a_class_stands_for_its_functions(self) -> None:
        self.module("@tool\ndef b(): pass\n@tool\ndef a(): pass\ndef unmarked(): pass\nbecause = {'a': a}")
        self.assertEqual(self.names(load_adapter(_NAME)), ["a", "b"])

    def test_a_function_with_two_names_in_the_module_is_one_tool(self) -> None:
        self.module("@tool\ndef a(): pass\nalias = a")
        self.assertEqual(self.names(load_adapter(_NAME)), ["a"])

    def test_two_tools_of_one_name_are_refused(self) -> None:
        self.module("@tool\ndef a(): pass\n@tool(name='a')\ndef b(): pass")
        self.assertIn("two tools are named 'a'", self.refusal(_NAME))

    def test_callable_objects_without_a_name_of_their_own_have_the_name_of_their_variable(self) -> None:
        self.module(
            "import functools\n"
            "class Callable:\n    def __call__(self, a): return a\n"
            "one = tool(functools.partial(lambda a, b: a, 1))\n"
            "two = tool(Callable())\nalias = two\n"
            "three = tool(lambda a: a)\n"
            "four = tool(functools.lru_cache(lambda a: a))\n"
            "five = tool(staticmethod(lambda a: a))\n"
            "six = tool(name='renamed')(Callable())"
        )
        self.assertEqual(self.names(load_adapter(_NAME)), ["five", "four", "one", "renamed", "three", "two"])

    def test_what_cannot_be_marked_is_named_in_the_error(self) -> None:
        for source, fault in [
            ("tool(len)", "cannot mark the builtin_function_or_method len"),
            ("tool(5)", "not a int"),
            ("tool('sum')", r"write @tool\(name='sum'\)"),
            ("@tool\nclass Marked: pass", "not the class Marked; derive the class from Adapter"),
            ("class A(Adapter):\n  @tool\n  @property\n  def a(self): pass", "not a property"),
            ("tool(name=5)", r"@tool\(name=…\) takes a str, not int"),
        ]:
            with self.subTest(source), self.assertRaisesRegex(TypeError, fault):
                self.module(source)

    def test_a_marked_function_that_would_not_be_served_is_named_in_the_error(self) -> None:
        for source, fault in [
            (
                "def plain(f): return lambda: f()\n@plain\n@tool\ndef hidden(): pass",
                "hidden is marked @tool, but the decorator",
            ),
            (
                "def plain(f): return lambda self: f()\nclass A(Adapter):\n  @plain\n  @tool\n  def hidden(self): pass",
                "A.hidden is marked @tool, but the decorator",
            ),
            (
                "class A(Adapter):\n  @tool\n  def a(self): pass\n@tool\ndef lost(): pass",
                "lost is marked @tool, but only methods",
            ),
            (
                "class NoAdapter:\n  @tool\n  def lost(self): pass\n@tool\ndef a(): pass",
                r"write class NoAdapter\(Adapter\)",
            ),
            ("@tool(name=' ')\ndef a(): pass", "the tool a has the name ' '"),
            ("@tool(name='\\ud83d')\ndef a(): pass", "the tool a has the name"),
        ]:
            self.module(source)
            with self.subTest(source):
                self.assertRegex(self.refusal(_NAME), fault)

    def test_a_property_around_a_marked_method_is_refused(self) -> None:
        self.module("class A(Adapter):\n  @property\n  @tool\n  def a(self): pass")
        with self.assertRaisesRegex(AdapterError, "A.a is marked @tool and a property"):
            tools_of(load_adapter(_NAME))

    def test_a_base_class_that_is_no_adapter_may_have_tools(self) -> None:
        self.module("class Base:\n  @tool\n  def a(self): pass\nclass A(Base, Adapter): pass")
        self.assertEqual(self.names(load_adapter(_NAME)), ["a"])

    def test_a_module_variable_that_raises_when_it_is_asked_for_an_attribute_is_passed_over(self) -> None:
        self.module(
            "class Proxy:\n  def __getattr__(self, name): raise RuntimeError\n"
            "  __class__ = property(__getattr__)\nproxy = Proxy()\n@tool\ndef a(): pass"
        )
        self.assertEqual(self.names(load_adapter(_NAME)), ["a"])

    def test_a_module_with_nothing_to_call_is_refused(self) -> None:
        self.module("def unmarked(): pass")
        self.assertIn("no Adapter class and no function marked @tool", self.refusal(_NAME))

    def test_a_name_that_is_no_adapter_class_is_refused(self) -> None:
        self.module("number = 5\nclass Other: pass")
        for name in ("Absent", "number", "Other"):
            with self.subTest(name):
                self.assertIn(f"no Adapter class named {name!r}", self.refusal(f"{_NAME}:{name}"))

    def test_functions_of_a_module_named_prepare_start_and_stop_are_those_of_its_adapter(self) -> None:
        made = self.module(
            "done = []\n@tool\ndef add(): pass\n"
            + "".join(f"def {step}(): done.append('{step}')\n" for step in ("prepare", "start", "stop"))
        )
        adapter = load_adapter(_NAME)
        adapter.prepare()
        adapter.start()
        adapter.stop()
        self.assertEqual(made.done, ["prepare", "start", "stop"])

    def test_imported_functions_and_tools_are_no_part_of_the_life_of_a_module(self) -> None:
        self.module("from this_has_start import start\n@tool\ndef stop(job): pass\nprepare = 'a text'")
        adapter = load_adapter(_NAME)
        self.assertEqual(adapter.start(), None)
        self.assertEqual(adapter.stop(), None)
        self.assertEqual(adapter.prepare(), None)

    def test_a_step_of_the_life_that_cannot_be_called_is_refused(self) -> None:
        self.module("@tool\ndef add(): pass\ndef start(worker): pass")
        self.assertIn("start() of adapter_under_test is called by the worker without arguments", self.refusal(_NAME))
        self.module("class Own(Adapter):\n    async def stop(self): pass")
        self.assertIn("stop() of adapter_under_test is async", self.refusal(_NAME))

    def test_an_error_of_the_import_is_raised_unchanged(self) -> None:
        with self.assertRaises(ModuleNotFoundError):
            load_adapter("no.such.module:Adapter")

    def test_an_error_of_the_constructor_is_raised_unchanged(self) -> None:
        self.module("class Needy(Adapter):\n    def __init__(self, model): pass")
        with self.assertRaisesRegex(TypeError, "model"):
            load_adapter(_NAME)


class ToolsOfAnAdapter(unittest.TestCase):
    def test_marked_methods_are_tools_and_others_are_not(self) -> None:
        class Base(Adapter):
            @tool
            def inherited(self) -> int:
                return 1

            @tool
            def replaced(self) -> int:
                return 2

            def helper(self) -> int:
                return 3

            @property
            def dangerous(self) -> Any:
                raise AssertionError("looking for tools must not run properties")

        class Derived(Base):
            @tool
            def replaced(self) -> int:
                return 4

        tools = {found.name: found.function() for found in tools_of(Derived())}
        self.assertEqual(tools, {"inherited": 1, "replaced": 4})

    def test_static_and_class_methods_are_tools_in_either_order_of_their_decorators(self) -> None:
        class Mixed(Adapter):
            @tool
            @staticmethod
            def outside(value: int) -> int:
                return value

            @staticmethod
            @tool
            def inside(value: int) -> int:
                return value

            @tool
            @classmethod
            def outside_of_class(cls, value: int) -> int:
                return value

            @classmethod
            @tool
            def inside_of_class(cls, value: int) -> int:
                return value

        context = Context(worker=1, call_id=1, timeout_ms=0)
        answers = {found.name: found.function(**found.bind({"value": 5}, context)) for found in tools_of(Mixed())}
        self.assertEqual(answers, dict.fromkeys(["inside", "inside_of_class", "outside", "outside_of_class"], 5))

    def test_two_methods_of_one_tool_name_are_refused(self) -> None:
        class Twice(Adapter):
            @tool(name="same")
            def first(self) -> None: ...

            @tool(name="same")
            def second(self) -> None: ...

        with self.assertRaisesRegex(AdapterError, "two tools are named 'same'"):
            tools_of(Twice())

    def test_an_adapter_is_concurrent_only_if_it_declares_it(self) -> None:
        class Concurrent(Adapter):
            concurrent = True

        self.assertEqual((Adapter().concurrent, Concurrent().concurrent), (False, True))

    def test_an_adapter_without_tools_has_none(self) -> None:
        self.assertEqual(tools_of(Adapter()), [])
