"""The command with which the host starts a process: ``main()`` with the arguments ``template|worker NAME=VALUE…``."""

import gc
import sys

from .boot.settings import Settings


def main() -> None:
    """Run as the template or as a worker, as the arguments of the command say."""
    # Nothing that is imported before the adapter becomes garbage. preparation.py enables the garbage collector again.
    gc.disable()
    role, *arguments = sys.argv[1:]
    sys.argv[:] = [__file__]  # modules of the adapter that read sys.argv find a program without arguments
    settings = Settings(arguments)
    if role == "template":
        from .roles.template import run
    else:
        from .roles.spawned_worker import run
    run(settings, gc.get_objects())


if __name__ == "__main__":
    main()
