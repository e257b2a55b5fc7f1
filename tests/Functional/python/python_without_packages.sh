#!/bin/sh
# An interpreter in which nobody has installed anything.
exec "$PROBE_PYTHON" -S "$@"
