"""Tells which processors, how much memory and which CUDA devices this process may use.

No library is imported to find out: one such as torch would take seconds and memory, and would keep the process from
being forked. CUDA devices are those that the program nvidia-smi of the driver lists and CUDA_VISIBLE_DEVICES does not
hide. Linux only.
"""

from __future__ import annotations

import math
import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

_QUERY = ["--query-gpu=index,uuid,name,memory.total", "--format=csv,noheader,nounits"]
_COMMAS = 3  # in a line about a device, at least
_PATIENCE = 5.0  # seconds; nvidia-smi first wakes the devices
_UNLIMITED = 1 << 60  # bytes; version 1 of cgroups writes a number above this for no limit
_MIB = 1024 * 1024


def measure() -> dict[str, Any]:
    """Return what this process may use of the machine."""
    devices, reason = cuda_devices()
    return {**processors(), **memory(), "cuda_devices": devices, "why_no_cuda_devices": reason}


def processors(root: str = "/") -> dict[str, Any]:
    """Return how many processors this process may use, of how many. ``root`` has the folders proc and sys."""
    allowed = len(os.sched_getaffinity(0))
    quota = min(_quotas(Path(root)), default=None)
    usable = allowed if quota is None else max(1, min(allowed, math.ceil(quota)))
    return {"processors": usable, "machine_processors": os.cpu_count() or allowed, "processor_quota": quota}


def memory(root: str = "/") -> dict[str, Any]:
    """Return the memory of the machine, and the limit of the cgroups that this process is in."""
    lines = (line.split() for line in (Path(root) / "proc/meminfo").read_text().splitlines())
    sizes = {fields[0]: int(fields[1]) * 1024 for fields in lines if len(fields) > 1}
    limits = (int(text) for text in _settings(Path(root), "memory", "memory.max", "memory.limit_in_bytes"))
    return {
        "total_memory_bytes": sizes["MemTotal:"],
        "available_memory_bytes": sizes.get("MemAvailable:", sizes.get("MemFree:", 0)),
        "memory_limit_bytes": min((limit for limit in limits if limit < _UNLIMITED), default=None),
    }


def cuda_devices() -> tuple[list[dict[str, Any]], str | None]:
    """Return the CUDA devices that this process can see; if there are none, also the reason."""
    shown = os.environ.get("CUDA_VISIBLE_DEVICES")
    if shown is not None and shown.strip() in ("", "-1"):
        return [], f"CUDA_VISIBLE_DEVICES is {shown!r}, which hides all devices"
    devices, reason = _all_devices()
    if shown is None or not devices:
        return devices, reason
    visible = list(_visible(devices, shown))
    if not visible:
        reason = f"CUDA_VISIBLE_DEVICES is {shown!r}, which names none of {len(devices)} devices"
    return visible, reason


def _all_devices() -> tuple[list[dict[str, Any]], str | None]:
    program = shutil.which("nvidia-smi")
    if program is None:
        return [], "there is no nvidia-smi on PATH, a program that comes with the driver"
    try:
        ended = subprocess.run(
            [program, *_QUERY], stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=_PATIENCE, check=False
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        return [], f"nvidia-smi cannot be run: {error}"
    if ended.returncode != 0:
        return [], f"nvidia-smi has ended with exit code {ended.returncode}: {(ended.stdout + ended.stderr).strip()}"
    devices = [_device(line) for line in ended.stdout.splitlines() if line.count(",") >= _COMMAS]
    return devices, None if devices else "nvidia-smi lists no devices"


def _device(line: str) -> dict[str, Any]:
    index, uuid, rest = (part.strip() for part in line.split(",", 2))
    name, _, size = (part.strip() for part in rest.rpartition(","))
    return {
        "index": int(index),
        "uuid": uuid,
        "name": name,
        "memory_bytes": int(size) * _MIB if size.isdecimal() else None,
    }


def _visible(devices: list[dict[str, Any]], shown: str) -> Iterator[dict[str, Any]]:
    """Return the devices that CUDA_VISIBLE_DEVICES names, in its order. CUDA ignores what follows an invalid name."""
    for name in (part.strip() for part in shown.split(",")):
        is_uuid = name.startswith("GPU-")  # or the beginning of one
        named = [one for one in devices if (one["uuid"].startswith(name) if is_uuid else name == str(one["index"]))]
        if len(named) != 1:
            return
        yield named[0]


def _quotas(root: Path) -> Iterator[float]:
    for text in _settings(root, "cpu", "cpu.max", "cpu.cfs_quota_us"):
        quota, _, period = text.partition(" ")
        yield int(quota) / int(period)


def _settings(root: Path, controller: str, name: str, former_name: str) -> Iterator[str]:
    """Return a setting of all cgroups that this process is in, except where it says that there is no limit.

    In version 2 of cgroups its file is called ``name``, in version 1 ``former_name``.
    """
    try:
        groups = (root / "proc/self/cgroup").read_text().splitlines()
    except OSError:
        return
    for _, controllers, path in (line.split(":", 2) for line in groups):
        if controllers == "":
            mounts, file = ("sys/fs/cgroup", "sys/fs/cgroup/unified"), name
        elif controller in controllers.split(","):
            mounts, file = (f"sys/fs/cgroup/{controllers}", f"sys/fs/cgroup/{controller}"), former_name
        else:
            continue
        # A container may see its own group as the root of the mount, or the path of its group from outside.
        inner = Path(path.lstrip("/"))
        for folder in {root / mount / part for mount in mounts for part in (inner, *inner.parents)}:
            text = _text_of(folder, file)
            if text and not text.startswith(("max", "-1")):
                yield text


def _text_of(folder: Path, file: str) -> str:
    try:
        text = (folder / file).read_text().strip()
        return f"{text} {(folder / 'cpu.cfs_period_us').read_text().strip()}" if file == "cpu.cfs_quota_us" else text
    except OSError:
        return ""
