"""Makes the vectors of texts in this process, to compare the pool with it: ``embedding.py PACKAGES WORKERS``.

It uses the showcase of the package ``snakepit_worker`` in the folder PACKAGES, and does the same for a text as the tool
``create_embedding`` does. WORKERS is 1. It first prints one line of JSON, ``{"endpoints": []}``. Then it reads requests
from standard input, one a line, until that is closed. It answers ``{"texts": [...], "dimensions": N}`` with
``{"seconds": S, "cpu": S, "digests": [...]}``: how long all vectors took, their CPU time, and the SHA-256 of the bytes
of each.
"""

from __future__ import annotations

import hashlib
import importlib
import json
import os
import sys
import time
from typing import Any


def main(packages: str) -> None:
    """Answer requests from standard input until it is closed."""
    sys.path.insert(0, packages)
    embedding: Any = importlib.import_module("snakepit_worker.adapters.showcase.embedding")
    numpy: Any = importlib.import_module("numpy")
    print(json.dumps({"endpoints": []}), flush=True)
    for line in sys.stdin:
        request = json.loads(line)
        texts, dimensions = request["texts"], request["dimensions"]
        start, cpu = time.perf_counter(), time.process_time()
        vectors = [numpy.frombuffer(embedding.Embedder(dimensions).embed(text), numpy.float32) for text in texts]
        seconds, cpu = time.perf_counter() - start, time.process_time() - cpu
        digests = [hashlib.sha256(vector.tobytes()).hexdigest() for vector in vectors]
        print(json.dumps({"seconds": seconds, "cpu": cpu, "digests": digests}), flush=True)


if __name__ == "__main__":
    os.setpgid(0, 0)
    main(sys.argv[1])
