"""The messages on a worker's stream: what the host sends, and what the worker answers."""

from __future__ import annotations

from .descriptors import message

HostFrame = message("snakepit.v1.HostFrame")
WorkerFrame = message("snakepit.v1.WorkerFrame")
Failure = message("snakepit.v1.Failure")
