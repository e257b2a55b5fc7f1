"""The settings that the host passes on the command line."""

from __future__ import annotations

import sys

_REPEATED = ("limit", "cgroup_setting", "fallback_path")


class Settings:
    """The settings of one process.

    Attributes:
        directory: The folder for the host's control socket and for the workers' own sockets.
        adapter: The adapter to serve, as "package.module:Class" or "package.module".
        transport: The name of the transport that carries frames between host and worker: "grpc" or "direct".
        max_payload: The maximum size of a call's arguments, a result or a chunk, in bytes.
        worker: The number of this worker; 0 for a template.
        mark: The number by which the host recognises what comes from this template; 0 for a spawned worker.
        capacity: How many calls a worker runs at once.
        terminate_timeout: How many seconds the process may take for its end after its last call and stop().
        host_memory: The path of a memory file of the host, by which the worker tries whether it can open such files;
            empty if no memory is shared.
        memory_limit: How many bytes of shared memory this process may write to at a time.
        limits: The limits of a worker by their names, see process.worker_limits; empty if there are none.
        cgroup: The path of the control group below which each worker gets one of its own; empty if none does.
        cgroup_settings: What is written into the files of a worker's group, by their names.
        fallback_paths: Folders in which Python searches for adapters after all folders of its usual search path.
    """

    def __init__(self, arguments: list[str]) -> None:
        """Read the ``name=value`` arguments that the host has passed."""
        given = [argument.split("=", 1) for argument in arguments]
        single: dict[str, str] = {name: value for name, value in given if name not in _REPEATED}
        self.directory = single["directory"]
        self.adapter = single["adapter"]
        self.transport = single["transport"]
        self.max_payload = int(single["max_payload"])
        self.worker = int(single["worker"])
        self.mark = int(single.get("mark", "0"))
        self.capacity = int(single.get("capacity", "1"))
        self.terminate_timeout = float(single.get("terminate_timeout", "2"))
        self.host_memory = single.get("host_memory", "")
        self.memory_limit = int(single.get("memory_limit", "0"))
        limits = [value.split(":") for name, value in given if name == "limit"]
        self.limits = {name: int(value) for name, value in limits}
        self.cgroup = single.get("cgroup", "")
        self.cgroup_settings = dict(value.split(":", 1) for name, value in given if name == "cgroup_setting")
        self.fallback_paths = [value for name, value in given if name == "fallback_path"]

    @property
    def control(self) -> str:
        """The path of the host's control socket."""
        return f"{self.directory}/control.sock"

    def socket_of(self, worker: int) -> str:
        """Return the path of the socket on which the worker with this number serves calls."""
        return f"{self.directory}/{worker}.sock"

    def extend_search_path(self) -> None:
        """Append the ``fallback_paths`` to sys.path.

        Call this when the worker has imported the packages that it needs. A file google.py would hide the package of
        protobuf even from the end of sys.path, because ``google`` is a namespace package, and Python takes any other
        module of this name first.
        """
        sys.path.extend(path for path in self.fallback_paths if path not in sys.path)
