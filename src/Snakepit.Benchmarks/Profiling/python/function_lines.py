"""Prints the first and the last line of a function: function_lines.py FILE QUALIFIED_NAME."""

import ast
import sys
from collections.abc import Iterator


def functions_in(node: ast.AST, prefix: str = "") -> Iterator[tuple[str, ast.stmt]]:
    """Yields the functions in a module, class or function with their qualified names."""
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef):
            yield prefix + child.name, child
            yield from functions_in(child, f"{prefix}{child.name}.<locals>.")
        elif isinstance(child, ast.ClassDef):
            yield from functions_in(child, f"{prefix}{child.name}.")
        else:
            yield from functions_in(child, prefix)


def main(file: str, name: str) -> int:
    """Prints the lines and returns 0, or returns 1 if the file has no such function."""
    with open(file, "rb") as source:
        module = ast.parse(source.read())
    for known, function in functions_in(module):
        # A lambda or a comprehension is a part of its function.
        if name == known or name.startswith(f"{known}.<locals>.<"):
            print(function.lineno, function.end_lineno)
            return 0
    return 1


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
