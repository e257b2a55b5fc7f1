"""An adapter that cannot be forked, because prepare() leaves a thread running."""

import os
import subprocess
import threading

from snakepit_worker import Adapter, tool


class Threaded(Adapter):
    def prepare(self) -> None:
        threading.Thread(target=threading.Event().wait, daemon=True).start()

    @tool
    def parent(self) -> int:
        return os.getppid()

    @tool
    def spawn_session(self) -> int:
        return subprocess.Popen(["sleep", "1000"], start_new_session=True).pid
