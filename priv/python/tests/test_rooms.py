"""Tests that the sub-packages of snakepit_worker import each other in one direction only."""

from __future__ import annotations

import ast
import unittest
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

_ROOT = "snakepit_worker"
# The tests read the sources, because the copy that the build makes may still have files of an earlier build.
_PACKAGE = Path(__file__).resolve().parents[1] / _ROOT


class Import(NamedTuple):
    """An import statement in one module that imports another module, or a name from it."""

    importer: str
    importer_package: str
    imported: str
    imported_package: str


def modules_of(package: Path) -> dict[str, tuple[str, ast.Module]]:
    """Return each module by its full name, with the name of the package that contains it and its syntax tree."""
    found: dict[str, tuple[str, ast.Module]] = {}
    for path in sorted(package.rglob("*.py")):
        parts = [_ROOT, *path.relative_to(package).with_suffix("").parts]
        lies_in = ".".join(parts[:-1])
        if parts[-1] == "__init__":
            parts = parts[:-1]
        elif parts[-1] == "__main__":
            lies_in = ".".join(parts)  # a package of its own here, because __main__ only starts a process
        found[".".join(parts)] = lies_in, ast.parse(path.read_text(encoding="utf-8"), str(path))
    return found


def imports_of(modules: dict[str, tuple[str, ast.Module]]) -> list[Import]:
    """Return every import between two of the modules, including imports in functions and for type checking only."""
    found: list[Import] = []
    for module, (package, tree) in modules.items():
        for name in _names_imported(module, package, tree):
            target = name if name in modules else name.rpartition(".")[0]
            if target in modules:
                found.append(Import(module, package, name, modules[target][0]))
    return found


def _names_imported(module: str, package: str, tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            start = package.removesuffix(".__main__").split(".")
            base = start[: len(start) - node.level + 1] if node.level else []
            source = ".".join([*base, *([node.module] if node.module else [])])
            yield from (f"{source}.{alias.name}" for alias in node.names)


def cycle_in(imports: Iterable[Import]) -> list[Import]:
    """Return a cycle: imports that lead from a package through others back to it. Empty if there is no cycle."""
    edges: dict[str, dict[str, Import]] = {}
    for found in imports:
        if found.importer_package != found.imported_package:
            edges.setdefault(found.importer_package, {}).setdefault(found.imported_package, found)
    finished: set[str] = set()

    def visit(package: str, path: list[Import]) -> list[Import]:
        for target, found in edges.get(package, {}).items():
            passed = [step.importer_package for step in path] + [package]
            if target in passed:
                return [*path, found][passed.index(target) :]
            if target not in finished and (cycle := visit(target, [*path, found])):
                return cycle
        finished.add(package)
        return []

    for package in edges:
        if package not in finished and (cycle := visit(package, [])):
            return cycle
    return []


class Packages(unittest.TestCase):
    def test_they_import_each_other_in_one_direction(self) -> None:
        modules = modules_of(_PACKAGE)
        imports = imports_of(modules)
        self.assertGreater(len(imports), len(modules), "hardly any imports were found: is the package there?")
        cycle = cycle_in(imports)
        steps = "\n".join(f"  {step.importer} imports {step.imported}" for step in cycle)
        self.assertEqual(cycle, [], f"\nThese imports form a cycle between packages; turn one of them round:\n{steps}")

    def test_a_cycle_is_found_and_its_imports_are_named(self) -> None:
        modules = {
            "snakepit_worker": ("snakepit_worker", ast.parse("from .a.one import public")),
            "snakepit_worker.a.one": ("snakepit_worker.a", ast.parse("from ..b import two")),
            "snakepit_worker.b.two": ("snakepit_worker.b", ast.parse("def late():\n    from ..a.three import name")),
            "snakepit_worker.a.three": ("snakepit_worker.a", ast.parse("import os")),
        }
        named = [(step.importer, step.imported) for step in cycle_in(imports_of(modules))]
        self.assertEqual(
            named,
            [
                ("snakepit_worker.a.one", "snakepit_worker.b.two"),
                ("snakepit_worker.b.two", "snakepit_worker.a.three.name"),
            ],
        )
