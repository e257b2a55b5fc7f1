"""Limits of values that are sent as JSON."""

# How many lists and dicts may lie inside each other, counted from the outermost. PayloadOptions.cs has the same limit.
MAX_DEPTH = 1_024
# The limit where the outermost dict only names the values: the arguments of a call, the attributes of an exception.
MAX_DEPTH_WITH_NAMES = MAX_DEPTH + 1
