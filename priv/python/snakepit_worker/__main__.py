"""``python -m snakepit_worker template|worker NAME=VALUE…``: the command by which the host starts a process."""

import sys

from .boot.settings import Settings

if __name__ == "__main__":
    role, *arguments = sys.argv[1:]
    del sys.argv[1:]  # a module that the adapter imports may read the command line as its own
    settings = Settings(arguments)
    settings.extend_search_path()
    if role == "template":
        from .roles.template import run
    else:
        from .roles.spawned_worker import run
    run(settings)
