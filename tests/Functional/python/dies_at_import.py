"""An adapter whose import crashes the process, as a broken native library does."""

import os

print("about to die", flush=True)
os._exit(7)
