"""The settings that the host passes on the command line."""

from __future__ import annotations

import sys
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Settings:
    """What the host decided for this process.

    ``control`` is the path of the host's control socket, ``directory`` the folder for the workers' own sockets.
    ``worker`` is this process's number; the template's is 0. ``max_payload`` is in bytes, and ``capacity`` is the
    number of calls that a worker runs at once.
    """

    control: str
    directory: str
    adapter: str
    transport: str
    max_payload: int
    worker: int
    capacity: int
    fallback_paths: tuple[str, ...]

    @staticmethod
    def parse(arguments: list[str]) -> Settings:
        """Read the ``name=value`` arguments that the host passed."""
        given = [argument.split("=", 1) for argument in arguments]
        single: dict[str, str] = {name: value for name, value in given if name != "fallback_path"}
        return Settings(
            control=single["control"],
            directory=single["directory"],
            adapter=single["adapter"],
            transport=single["transport"],
            max_payload=int(single["max_payload"]),
            worker=int(single["worker"]),
            capacity=int(single.get("capacity", "1")),
            fallback_paths=tuple(value for name, value in given if name == "fallback_path"),
        )

    def socket_of(self, worker: int) -> str:
        """Return the path of the socket that this worker serves on."""
        return f"{self.directory}/{worker}.sock"

    def extend_search_path(self) -> None:
        """Let adapters be imported from the host's own directories, after every other place."""
        sys.path.extend(path for path in self.fallback_paths if path not in sys.path)
