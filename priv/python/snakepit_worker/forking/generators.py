"""Gives each worker random numbers of its own, although all workers start with copies of the same generators.

A generator goes on from a state that is derived from its own state and the worker's number. So workers differ from each
other, and a run whose generators were seeded can be repeated.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from ..api.log import WORKER_LOG
from ..process.objects import Survey, class_of

if TYPE_CHECKING:
    import random


class _Source:
    """A source of random numbers: its state, and how it is given another state."""

    def __init__(self, state: bytes, reseed: Callable[[int], None]) -> None:
        self.state = state
        self.reseed = reseed


class Generators:
    """The random generators of this process, as they are when this object is made."""

    def __init__(self, survey: Survey) -> None:
        """Find the generators in ``survey`` and read their states."""
        self.unmanageable: list[Any] = []  # those whose state cannot be read or set
        self._sources: list[_Source] = []
        numpy: Any = sys.modules.get("numpy.random")
        kinds: dict[type, Callable[[Any], _Source | None]] = {}
        if "random" in sys.modules:  # without it there is no object of its classes
            kinds[sys.modules["random"].Random] = _of_random
        if hasattr(numpy, "BitGenerator"):
            kinds |= {
                numpy.BitGenerator: _of_bit_generator,
                numpy.RandomState: _of_random_state,
                numpy.SeedSequence: _of_seed_sequence,
            }
        for found in survey.of(lambda kind: issubclass(kind, tuple(kinds))):
            make = next(make for kind, make in kinds.items() if isinstance(found, kind))
            try:
                source = make(found)
            except Exception:  # code of a class that the adapter defines
                self.unmanageable.append(found)
            else:
                self._sources += [source] if source else []
        torch: Any = sys.modules.get("torch")
        if hasattr(torch, "get_rng_state"):
            self._sources.append(_of_torch(torch))

    def vary(self, worker: int) -> None:
        """Give each generator the state that it has in the worker with this number."""
        if not self._sources:
            return
        from random import Random

        for source in self._sources:
            try:
                # Random computes the SHA-512 of what it is seeded with.
                source.reseed(Random(source.state + worker.to_bytes(8, "little")).getrandbits(256))
            except Exception:  # code of a class that the adapter defines
                WORKER_LOG.warning("a random generator goes on with the numbers that other workers get", exc_info=True)


def _of_random(generator: random.Random) -> _Source | None:
    import random  # which has been imported: its Random is the class of the generator

    def reseed(seed: int) -> None:
        random.Random.seed(generator, seed)

    kind = type(generator)
    if issubclass(kind, random.SystemRandom):
        return None  # it has no state: it asks the system
    if kind.random is random.Random.random and kind.getrandbits is random.Random.getrandbits:
        state = random.Random.getstate(generator)
        return _Source(repr(state).encode(), reseed)
    if kind.seed is random.Random.seed:
        raise TypeError(f"{kind.__qualname__} makes its own numbers and has no seed() that would change them")
    return _Source(repr(generator.getstate()).encode(), generator.seed)


def _of_bit_generator(generator: Any) -> _Source:
    make: Any = class_of(generator)
    sequence: Any = sys.modules["numpy.random"].SeedSequence
    make(sequence(0))  # raises now, in the template, if this class is not made from a seed sequence

    def reseed(seed: int) -> None:
        generator.state = make(sequence(seed)).state

    return _Source(_bytes_of(generator.state), reseed)


def _of_random_state(generator: Any) -> _Source:
    """Drop the number that a RandomState has in store. The state of its bit generator is changed on its own."""

    def drop_stored(_: int) -> None:
        state = generator.get_state(legacy=False)
        generator.set_state({**state, "has_gauss": 0, "gauss": 0.0})

    generator.get_state(legacy=False)
    return _Source(b"", drop_stored)


def _of_seed_sequence(sequence: Any) -> _Source:
    """Change what generators that are made from a seed sequence, such as those of Generator.spawn(), begin with."""

    def state_of(asked: Any) -> Any:  # NumPy lets a sequence's state be read and set only in order to pickle it
        _, arguments, *state = asked.__reduce__()
        return state[0] if state else arguments[-1]

    def reseed(seed: int) -> None:
        sequence.__setstate__(state_of(type(sequence)(seed, pool_size=sequence.pool_size)))

    return _Source(_bytes_of(state_of(sequence)), reseed)


def _of_torch(torch: Any) -> _Source:
    def reseed(seed: int) -> None:
        torch.manual_seed(seed % 2**63)

    return _Source(bytes(torch.get_rng_state().tolist()), reseed)


def _bytes_of(state: object) -> bytes:
    import pickle  # late, because only NumPy's states need it, and NumPy imports it too

    return pickle.dumps(state, protocol=4)
