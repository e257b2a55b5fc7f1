"""An adapter that takes its process down when it is imported, as a broken native library does."""

import os

print("about to die", flush=True)
os._exit(7)
