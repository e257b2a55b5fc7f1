"""Converts values to JSON with what stands beside it, and back, and exceptions to data that can be sent to the host."""
