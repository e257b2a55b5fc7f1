"""``python -m snakepit_worker template|worker NAME=VALUE…``: how the host starts a process."""

import sys

from .boot.settings import Settings
from .roles import template, worker

_ROLES = {"template": template.run, "worker": worker.spawned}

if __name__ == "__main__":
    role, *arguments = sys.argv[1:]
    del sys.argv[1:]  # the adapter's imports should not mistake them for their own
    settings = Settings.parse(arguments)
    settings.extend_search_path()
    _ROLES[role](settings)
