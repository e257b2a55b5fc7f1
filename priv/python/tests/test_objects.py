"""Tests which objects of a process are looked at after its adapter was prepared."""

from __future__ import annotations

import unittest

from .processes import run_python

_BEGIN = """
import gc
from snakepit_worker.process.objects import Survey, made_since, set_aside

class Earlier: pass
class Adapters: pass

earlier = Earlier()
gc.disable()
set_aside()
adapters = Adapters()
"""
_END = """
survey = Survey(made_since())
print(*(kind.__name__ for kind in (Earlier, Adapters) if survey.of(lambda found: found is kind)))
"""


class MadeSince(unittest.TestCase):
    def found(self, between: str) -> str:
        done = run_python(_BEGIN + between + _END)
        self.assertEqual(done.returncode, 0, done.stderr)
        return done.stdout.strip()

    def test_what_was_set_aside_is_not_found(self) -> None:
        self.assertEqual(self.found(""), "Adapters")

    def test_what_the_adapter_has_frozen_is_found(self) -> None:
        self.assertEqual(self.found("gc.freeze()"), "Earlier Adapters")

    def test_what_was_made_earlier_is_found_in_a_list_of_it(self) -> None:
        end = _END.replace("made_since()", "[earlier, *made_since()]")
        done = run_python(_BEGIN + end)
        self.assertEqual(done.stdout.strip(), "Earlier Adapters", done.stderr)
