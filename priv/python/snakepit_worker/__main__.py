"""The command with which the host starts a process: ``main()`` with the arguments ``template|worker NAME=VALUE…``."""

import gc
import os
import stat
import sys

_ONLY_POOLS = (
    "snakepit_worker: only a pool can start this program. If an adapter or a tool has started its process anew (with "
    "os.execv or the like, or as a child, from sys.argv or sys.orig_argv): it must not; set variables such as "
    "LD_LIBRARY_PATH in SnakepitOptions.EnvironmentVariables"
)


def main() -> None:
    """Run as the template or as a worker, as the arguments of the command say."""
    if not sys.argv[1:] or not _has_lifeline():
        sys.exit(_ONLY_POOLS)
    # Nothing that is imported before the adapter becomes garbage. preparation.py enables the garbage collector again.
    gc.disable()
    from .boot.settings import Settings

    role, *arguments = sys.argv[1:]
    sys.argv[:] = [__file__]  # modules of the adapter that read sys.argv find a program without arguments
    settings = Settings(arguments)
    if role == "template":
        from .roles.template import run
    else:
        from .roles.spawned_worker import run
    run(settings, gc.get_objects())


def _has_lifeline() -> bool:
    """Tell whether standard input is a pipe of the host. When a process has taken its lifeline, it is /dev/null."""
    try:
        return not stat.S_ISCHR(os.fstat(0).st_mode)
    except OSError:
        return False


if __name__ == "__main__":
    main()
