"""The command with which the host starts a process: ``python -m snakepit_worker template|worker NAME=VALUE…``."""

import gc
import sys

from .boot.settings import Settings

if __name__ == "__main__":
    # Nothing that is imported before the adapter becomes garbage. preparation.py enables the garbage collector again.
    gc.disable()
    role, *arguments = sys.argv[1:]
    del sys.argv[1:]  # so that modules of the adapter that read sys.argv do not find these arguments
    settings = Settings(arguments)
    if role == "template":
        from .roles.template import run
    else:
        from .roles.spawned_worker import run
    run(settings, gc.get_objects())
