#!/bin/sh
# An interpreter that says it is Python 3.9. The real one lies beside this file's link.
exec "$(dirname "$0")/real" -I -c "import sys; sys.version_info = (3, 9, 1); exec(sys.argv[1])" "$3"
