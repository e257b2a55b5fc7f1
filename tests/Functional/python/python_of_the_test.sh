#!/bin/sh
# An interpreter on PATH that is not in a virtual environment: it runs the interpreter that the test names.
exec "$PROBE_PYTHON" "$@"
