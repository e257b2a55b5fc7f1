"""Tests what a worker tells about processors, memory and CUDA devices, with files in place of those of the kernel."""

from __future__ import annotations

import json
import os
import tempfile
import unittest
from pathlib import Path
from unittest import mock

from snakepit_worker.process import hardware

from .sequential_host import DispatcherTestCase, add, call

_GPUS = "0, GPU-aa11, NVIDIA A100-SXM4-40GB, 40960\\n1, GPU-bb22, Tesla T4, 15360\\n"


class Kernel(unittest.TestCase):
    def setUp(self) -> None:
        directory = tempfile.TemporaryDirectory()
        self.addCleanup(directory.cleanup)
        self.root = directory.name
        self.write("proc/meminfo", "MemTotal:  2048 kB\nMemFree:  10 kB\nMemAvailable:  1024 kB\nHugePages_Total: 0\n")

    def write(self, path: str, text: str) -> None:
        file = Path(self.root) / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)


class Groups(Kernel):
    def test_without_groups_there_are_no_limits(self) -> None:
        self.assertEqual(
            hardware.memory(self.root),
            {"total_memory_bytes": 2048 * 1024, "available_memory_bytes": 1024 * 1024, "memory_limit_bytes": None},
        )
        allowed = len(os.sched_getaffinity(0))
        found = hardware.processors(self.root)
        self.assertEqual((found["processors"], found["processor_quota"]), (allowed, None))

    def test_the_lowest_limit_of_a_group_and_those_above_it_counts(self) -> None:
        self.write("proc/self/cgroup", "0::/system.slice/my.service\n")
        self.write("sys/fs/cgroup/system.slice/my.service/memory.max", "max\n")
        self.write("sys/fs/cgroup/system.slice/my.service/cpu.max", "50000 100000\n")
        self.write("sys/fs/cgroup/system.slice/memory.max", "1000000\n")
        self.write("sys/fs/cgroup/system.slice/cpu.max", "max 100000\n")
        self.assertEqual(hardware.memory(self.root)["memory_limit_bytes"], 1_000_000)
        found = hardware.processors(self.root)
        self.assertEqual((found["processors"], found["processor_quota"]), (1, 0.5))

    def test_a_container_that_sees_its_group_as_the_root_has_its_limits(self) -> None:
        self.write("proc/self/cgroup", "0::/docker/4711\n")
        self.write("sys/fs/cgroup/memory.max", "2000000\n")
        self.assertEqual(hardware.memory(self.root)["memory_limit_bytes"], 2_000_000)

    def test_version_1_of_groups_has_other_names(self) -> None:
        self.write("proc/self/cgroup", "5:cpu,cpuacct:/a\n4:memory:/a/b\n1:name=systemd:/x\n")
        self.write("sys/fs/cgroup/memory/a/b/memory.limit_in_bytes", "3000000\n")
        self.write("sys/fs/cgroup/memory/memory.limit_in_bytes", f"{2**63 - 4096}\n")
        self.write("sys/fs/cgroup/cpu,cpuacct/a/cpu.cfs_quota_us", "150000\n")
        self.write("sys/fs/cgroup/cpu,cpuacct/a/cpu.cfs_period_us", "100000\n")
        self.write("sys/fs/cgroup/cpu,cpuacct/cpu.cfs_quota_us", "-1\n")
        self.write("sys/fs/cgroup/cpu,cpuacct/cpu.cfs_period_us", "100000\n")
        self.assertEqual(hardware.memory(self.root)["memory_limit_bytes"], 3_000_000)
        self.assertEqual(hardware.processors(self.root)["processor_quota"], 1.5)


class CudaDevices(Kernel):
    def found(self, script: str | None, shown: str | None = None) -> tuple[list[int], str]:
        """Return the indices of the devices, and the reason, with a program in place of nvidia-smi."""
        if script is not None:
            self.write("nvidia-smi", f"#!/bin/sh\n{script}\n")
            os.chmod(f"{self.root}/nvidia-smi", 0o755)
        environment = {"PATH": self.root} | ({} if shown is None else {"CUDA_VISIBLE_DEVICES": shown})
        with mock.patch.dict(os.environ, environment):
            if shown is None:
                os.environ.pop("CUDA_VISIBLE_DEVICES", None)
            devices, reason = hardware.cuda_devices()
        return [device["index"] for device in devices], reason or ""

    def test_devices_are_those_that_the_driver_lists(self) -> None:
        self.assertEqual(self.found(f"printf '{_GPUS}'"), ([0, 1], ""))
        with mock.patch.dict(os.environ, {"PATH": self.root}):
            os.environ.pop("CUDA_VISIBLE_DEVICES", None)
            first = hardware.cuda_devices()[0][0]
        size = 40960 * 1024 * 1024
        self.assertEqual(first, {"index": 0, "uuid": "GPU-aa11", "name": "NVIDIA A100-SXM4-40GB", "memory_bytes": size})

    def test_devices_that_are_hidden_are_left_out(self) -> None:
        for shown, indices in {"1": [1], "1,0": [1, 0], "GPU-b": [1], "0,7,1": [0], "all": []}.items():
            with self.subTest(shown):
                self.assertEqual(self.found(f"printf '{_GPUS}'", shown)[0], indices)
        self.assertIn("names none of 2 devices", self.found(f"printf '{_GPUS}'", "7")[1])

    def test_the_reason_why_there_are_none_is_told(self) -> None:
        for script, shown, reason in (
            (None, None, "no nvidia-smi on PATH"),
            (None, "", "hides all devices"),
            (None, "-1", "hides all devices"),
            ("echo no driver; exit 9", None, "exit code 9: no driver"),
            ("true", None, "lists no devices"),
        ):
            with self.subTest(reason):
                indices, told = self.found(script, shown)
                self.assertEqual(indices, [])
                self.assertIn(reason, told)

    def test_a_driver_that_hangs_is_not_waited_for(self) -> None:
        with mock.patch.object(hardware, "_PATIENCE", 0.2):
            self.assertIn("timed out", self.found("exec /bin/sleep 60")[1])


class BuiltIn(DispatcherTestCase):
    def test_every_adapter_has_the_tool_but_does_not_list_it(self) -> None:
        (answer,) = self.serve(add, frames=[call("snakepit.hardware")])
        self.assertEqual(json.loads(answer.result.value)["processors"], hardware.processors()["processors"])
        failure = self.failure(add, frames=[call("snakepit.software")])
        self.assertEqual(failure.message, "there is no tool 'snakepit.software'; the adapter has add")
