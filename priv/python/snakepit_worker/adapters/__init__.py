"""Adapters that are part of the package."""
