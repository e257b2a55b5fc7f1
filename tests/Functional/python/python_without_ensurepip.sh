#!/bin/sh
# An interpreter without the module ensurepip, as Debian's is when python3-venv is not installed. The real one lies beside this file's link.
exec "$(dirname "$0")/real" -I -c "import sys; sys.modules['ensurepip'] = None; exec(sys.argv[1])" "$3"
