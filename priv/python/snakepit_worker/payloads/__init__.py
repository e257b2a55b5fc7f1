"""Python values as the bytes that travel: JSON values, and exceptions as data."""
