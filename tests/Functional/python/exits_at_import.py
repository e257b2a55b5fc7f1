"""A script that a user names as an adapter by mistake: it ends the interpreter when it is imported."""

import sys

sys.exit(5)
