"""The messages on the control channel: what a process reports, and what the host commands a template."""

from __future__ import annotations

from .descriptors import message

Report = message("snakepit.v1.Report")
BootFailure = message("snakepit.v1.BootFailure")
Command = message("snakepit.v1.Command")
