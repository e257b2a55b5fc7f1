"""Classes of the messages that the host and a worker exchange on the worker's stream."""

from __future__ import annotations

from .descriptors import message

HostFrame = message("snakepit.v1.HostFrame")
WorkerFrame = message("snakepit.v1.WorkerFrame")
Failure = message("snakepit.v1.Failure")
