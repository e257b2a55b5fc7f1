"""Makes one file of the compiled modules of the package in a directory; snakepit_worker/bundle.py says what for.

Usage: bundle_package.py DIRECTORY, after ``compileall`` and with the same interpreter.
"""

from __future__ import annotations

import importlib.util
import marshal
import sys
from pathlib import Path


def main(directory: str) -> None:
    """Write the bundle of ``directory``/snakepit_worker, for the interpreter that runs this."""
    package = Path(directory, "snakepit_worker")
    modules: dict[str, bytes] = {}
    for source in package.rglob("*.py"):
        if source.name == "__main__.py":
            continue  # Python runs it, and does not import it
        compiled = Path(importlib.util.cache_from_source(str(source)))
        modules[str(source.relative_to(package))] = compiled.read_bytes()
    bundle = package / "__pycache__" / f"all_modules.{sys.implementation.cache_tag}.pyc"
    unfinished = bundle.with_suffix(".new")
    unfinished.write_bytes(marshal.dumps((sys.version, modules)))
    unfinished.replace(bundle)  # a worker that starts just now reads the old one, or the new one


if __name__ == "__main__":
    main(*sys.argv[1:])
