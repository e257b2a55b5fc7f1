"""Tests which adapter is loaded for a name, and which tools an adapter has."""

from __future__ import annotations

import functools
import sys
import types
import unittest
from typing import Any

from snakepit_worker import Adapter, Context, tool
from snakepit_worker.tools.loading import AdapterError, doubts_of, load_adapter, tools_of

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

    def test_a_marked_object_that_no_variable_holds_is_named_in_the_error(self) -> None:
        other = "@tool\ndef other(): pass\n"
        for source, fault in [
            (
                "import functools\ntools = [tool(functools.partial(int, 1))]",
                "line 5 of .* marks a partial with @tool, but",
            ),
            ("reg = {'q': tool(name='q')(lambda: 1)}", "marks <lambda> with @tool, but no variable holds it"),
            (
                "def make():\n  def f(): pass\n  return f\nall = [tool(f()) for f in [make]]",
                "marks make.<locals>.f with",
            ),
            ("a = tool(lambda: 1)\na = 5", "marks <lambda> with @tool, but no variable holds it"),
            ("@tool\ndef f(): pass\n@tool\ndef f(x): pass", "f in line 4 is .*, but a later definition .* in line 6"),
            ("@tool\ndef f(): pass\ndef f(x): pass", "but a later definition of the same name in line 6"),
            ("@tool\ndef f(): pass\nf = 5", "f is marked @tool, but a int has replaced it"),
        ]:
            self.module(other + source)
            with self.subTest(source):
                self.assertRegex(self.refusal(_NAME), fault)

    def test_a_method_that_a_later_one_replaces_is_named_whether_or_not_the_adapter_is_named(self) -> None:
        self.module(
            "class A(Adapter):\n  @tool\n  def f(self): pass\n  @tool\n  def f(self, x): pass\nclass B(Adapter): pass"
        )
        self.assertIn("A.f in line 3 is marked @tool, but a later definition", self.refusal(f"{_NAME}:A"))
        self.assertEqual(self.names(load_adapter(f"{_NAME}:B")), [])
        self.module("import functools\nclass A(Adapter):\n  many = [tool(functools.partial(int, 1))]")
        self.assertIn("marks a partial with @tool", self.refusal(f"{_NAME}:A"))

    def test_a_partial_beside_an_adapter_class_is_refused(self) -> None:
        self.module("import functools\nlost = tool(functools.partial(int, 1))\nclass A(Adapter): pass")
        self.assertIn("lost is marked @tool, but only methods", self.refusal(_NAME))

    def test_tools_that_are_held_in_another_way_are_no_fault(self) -> None:
        for source, names in [
            ("import functools\n@tool\ndef f(a, b): pass\ng = tool(functools.partial(f, 1))", "f g"),
            ("import functools\n@tool\ndef f(a, b): pass\nf = tool(functools.partial(f, 1))", "f"),
            ("import functools\n@tool\ndef f(a): pass\nf = functools.wraps(f)(lambda a: 1)", "f"),
            ("for n in 'ab':\n  @tool(name=n)\n  def f(): pass\n  globals()[n] = f\ndel f", "a b"),
            ("def make(n):\n  @tool(name=n)\n  def f(): pass\n  return f\na, b = make('a'), make('b')", "a b"),
            (
                "import types\ndef make():\n  @tool\n  def f(self): pass\n  return types.MethodType(f, 1)\na = make()",
                "a",
            ),
            ("class A(Adapter):\n  @tool\n  def f(self): pass\nclass B(A):\n  @tool\n  def f(self): pass\ndel A", "f"),
            ("class A(Adapter):\n  class Inner:\n    @tool\n    def f(self): pass\n  f = Inner.f", "f"),
            ("class M:\n  @tool\n  def f(self): pass\nclass A(M, Adapter):\n  @tool\n  def f(self): pass", "f"),
            ("one, two = tool(lambda: 1), tool(name='b')(lambda: 2)", "b one"),
            ("@tool\n@tool\ndef f(): pass", "f"),
        ]:
            self.module(source)
            with self.subTest(source):
                adapter = load_adapter(_NAME)
                self.assertEqual(self.names(adapter), names.split())
                self.assertEqual(doubts_of(adapter, _NAME), [])

    def test_what_may_be_meant_so_is_a_doubt_and_no_fault(self) -> None:
        for source, doubt in [
            ("@tool\ndef f(): pass\ndel f", "f is marked @tool, but no variable holds it any more"),
            ("def make():\n  @tool\n  def f(): pass\nmake()", "marks make.<locals>.f with @tool, but no variable"),
            (
                "class B(Adapter):\n  @tool\n  def f(self): pass\n"
                "class A(B):\n  def f(self): pass\n  @tool\n  def g(self): pass\ndel B",
                "A.f overrides B.f, which is marked @tool, but is not marked itself",
            ),
        ]:
            self.module(f"{source}\n" + ("" if "class" in source else "@tool\ndef other(): pass"))
            with self.subTest(source):
                self.assertRegex("\n".join(doubts_of(load_adapter(_NAME), _NAME)), doubt)
        self.module("class A(Adapter):\n  @tool\n  def f(self): pass\nclass B(A):\n  f = None\ndel A")
        self.assertEqual(doubts_of(load_adapter(_NAME), _NAME), [])

    def test_bound_methods_are_tools_of_their_variables_names_whose_functions_stay_unmarked(self) -> None:
        self.module(
            "class M:\n"
            "  def __init__(self, n): self.n = n\n"
            "  def meth(self): return self.n\n"
            "  @classmethod\n  def cm(cls): return 30\n"
            "  @tool\n  def marked(self): return self.n + 1\n"
            "bm = tool(M(10).meth)\nbm2 = tool(M(20).meth)\ncmm = tool(M.cm)\n"
            "one = M(40).marked\ntwo = M(50).marked\n"
            "class Service:\n"
            "  @staticmethod\n  def static(): return 60\n"
            "  @staticmethod\n  @tool\n  def inside(): return 61\n"
            "  @classmethod\n  @tool\n  def of_class(cls): return 62\n"
            "static = tool(Service.static)\ninside = Service.inside\nof_class = Service.of_class"
        )
        answers = {found.name: found.function() for found in tools_of(load_adapter(_NAME))}
        expected = {"bm": 10, "bm2": 20, "cmm": 30, "one": 41, "two": 51, "static": 60, "inside": 61, "of_class": 62}
        self.assertEqual(answers, expected)

    def test_a_static_method_that_no_variable_holds_is_refused(self) -> None:
        for source in ("@staticmethod\n  @tool\n  def f(): pass", "@tool\n  def f(self): pass"):
            more = "" if "static" in source else "f = Service.f\n"
            self.module(f"class Service:\n  {source}\n{more}@tool\ndef other(): pass")
            self.assertIn("Service.f is marked @tool, but its class is no adapter", self.refusal(_NAME))

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

    def test_what_an_adapter_marks_and_assigns_to_its_attributes_is_served_by_their_names(self) -> None:
        class Dynamic(Adapter):
            def __init__(self) -> None:
                self.dyn = tool(self._d)
                self.dyn2 = tool(functools.partial(self._d, 2))
                self.lam = tool(lambda given: given + 1)
                self.renamed = tool(name="other")(lambda given: given + 2)
                self.alias = self.marked
                self.plain = self._d

            def _d(self, given: int, factor: int = 3) -> int:
                return given * factor

            @tool
            def marked(self, given: int) -> int:
                return given

        made = {found.name: found for found in tools_of(Dynamic())}
        self.assertEqual(sorted(made), ["dyn", "dyn2", "lam", "marked", "other"])
        answers = [made[name].function(given=5) for name in ("dyn", "lam", "other")]
        self.assertEqual((answers, made["dyn2"].function(factor=5)), ([15, 6, 7], 10))

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
