"""Converts values to and from JSON, and exceptions to data that can be sent to the host."""
