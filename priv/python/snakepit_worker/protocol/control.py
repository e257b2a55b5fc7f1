"""Classes of the messages on the control channel: reports of a process, and the host's commands to a template."""

from __future__ import annotations

from .descriptors import message

Report = message("snakepit.v1.Report")
BootFailure = message("snakepit.v1.BootFailure")
Command = message("snakepit.v1.Command")
