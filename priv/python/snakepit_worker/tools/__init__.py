"""Finds the tools of an adapter, describes them for callers, and checks the arguments of calls."""
