"""Transports: each carries frames between the host and a worker, and does not interpret the frames."""
