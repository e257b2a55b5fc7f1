"""Reads the frames of dispatchers as a host does, for tests that call a dispatcher without a transport."""

from __future__ import annotations

from snakepit_worker.protocol.frames import WorkerFrame
from snakepit_worker.protocol.streams import Frame


def as_received(frame: Frame) -> WorkerFrame:
    """Return a frame as the host receives it."""
    return WorkerFrame.FromString(frame.SerializeToString())
