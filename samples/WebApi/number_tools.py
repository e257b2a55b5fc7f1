"""Tools for numbers, which the pool ``numbers`` serves."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TypedDict

from snakepit_worker import tool

_FEWEST = 2
_MOST = 50_000_000  # takes a few seconds, and as many bytes
_STEPS = 20


class Progress(TypedDict):
    """How far the search has come, and how many primes it has found so far."""

    percent: int
    found: int


@tool
def count_primes(below: int) -> Iterator[Progress]:
    """Count the primes below a number with the sieve of Eratosthenes, and report the progress twenty times."""
    if not _FEWEST <= below <= _MOST:
        raise ValueError(f"below must be {_FEWEST} to {_MOST:,}, not {below:,}")
    sieve = bytearray([1]) * below
    sieve[0] = sieve[1] = 0
    found = seen = 0
    for step in range(1, _STEPS + 1):
        end = below * step // _STEPS
        for number in range(seen, end):
            if sieve[number]:
                found += 1
                sieve[number * number :: number] = bytes(len(range(number * number, below, number)))
        seen = end
        yield Progress(percent=100 * step // _STEPS, found=found)
