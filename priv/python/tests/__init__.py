"""Unit tests of the worker package, without a host: ``python -m unittest discover``."""
