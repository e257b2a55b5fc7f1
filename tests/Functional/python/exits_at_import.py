"""A script that ends the interpreter when it is imported, as if a user had named it as an adapter by mistake."""

import sys

sys.exit(5)
