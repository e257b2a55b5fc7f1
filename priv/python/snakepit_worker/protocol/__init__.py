"""The messages that the host and a Python process exchange, and their encoding on a byte stream."""
