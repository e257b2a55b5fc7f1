"""Unit tests of the Python package, written with unittest. They test the copy of the package that the build has made:

    PYTHONPATH=artifacts/bin/Snakepit.Benchmarks/release/python \
        .venv/bin/python3 -m unittest discover -s priv/python/tests -t priv/python
"""

import importlib.util
import sys
from pathlib import Path

# unittest puts the source folder first on the module search path. The sources lack the protobuf descriptor set, which
# the build writes beside its copy of the package.
_sources = str(Path(__file__).resolve().parents[1])
while _sources in sys.path:
    sys.path.remove(_sources)

if importlib.util.find_spec("snakepit_worker") is None:
    raise ImportError(f"there is no snakepit_worker; build first, then set PYTHONPATH as {__file__} shows")
