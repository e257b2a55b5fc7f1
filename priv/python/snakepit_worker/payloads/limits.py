"""Limits of values that are sent as JSON."""

# How many lists and dicts may lie inside each other, counted from the outermost. PayloadOptions.cs has the same limit.
MAX_DEPTH = 1_024
