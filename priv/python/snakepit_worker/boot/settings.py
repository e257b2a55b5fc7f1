"""The settings that the host passes on the command line."""

from __future__ import annotations

import sys


class Settings:
    """What the host has decided for this process.

    Attributes:
        control: The path of the host's control socket.
        directory: The folder for the workers' own sockets.
        adapter: The adapter to serve, as "package.module:Class" or "package.module".
        transport: How frames travel: "grpc" or "direct".
        max_payload: The most bytes that arguments, a result or a chunk may have.
        worker: The number of this worker; 0 for a template.
        capacity: How many calls a worker runs at once.
        fallback_paths: Folders to import adapters from, after those that Python searches by itself.
    """

    def __init__(self, arguments: list[str]) -> None:
        """Read the ``name=value`` arguments that the host has passed."""
        given = [argument.split("=", 1) for argument in arguments]
        single: dict[str, str] = {name: value for name, value in given if name != "fallback_path"}
        self.control = single["control"]
        self.directory = single["directory"]
        self.adapter = single["adapter"]
        self.transport = single["transport"]
        self.max_payload = int(single["max_payload"])
        self.worker = int(single["worker"])
        self.capacity = int(single.get("capacity", "1"))
        self.fallback_paths = [value for name, value in given if name == "fallback_path"]

    def socket_of(self, worker: int) -> str:
        """Return the path of the socket that this worker serves on."""
        return f"{self.directory}/{worker}.sock"

    def extend_search_path(self) -> None:
        """Let adapters be imported from the host's own folders, after every other place."""
        sys.path.extend(path for path in self.fallback_paths if path not in sys.path)
